"""A database file of before."""

import contextlib

import pytest
from sqlalchemy import inspect

from cloud.glance.context import RequestContext
from cloud.glance.db.sqlalchemy.api import Database
from cloud.glance.db.sqlalchemy.models import images, metadata

ADMIN = RequestContext(tenant='admin', is_admin=True)
NEW = ('visibility', 'os_hidden', 'os_hash_algo', 'os_hash_value')


@pytest.fixture
def url(tmp_path):
    return f'sqlite:///{tmp_path}/glance.sqlite'


@pytest.fixture
def old(url):
    """A file without the newer columns and their indexes, with an image in it."""
    with contextlib.closing(Database(url)) as db_api:
        image = db_api.image_create(ADMIN, {'name': 'old', 'status': 'active', 'owner': 'admin', 'is_public': True})
        with db_api.writing() as connection:
            for name in ('visibility', 'os_hidden'):
                connection.exec_driver_sql(f'DROP INDEX ix_images_{name}')
            for name in NEW:
                connection.exec_driver_sql(f'ALTER TABLE images DROP COLUMN {name}')
    return image


def test_an_old_file_gets_what_it_lacks_and_keeps_what_it_has(url, old):
    with contextlib.closing(Database(url)) as db_api:
        [image] = db_api.image_get_all(ADMIN, os_hidden=False)
        assert image == {**old, **dict.fromkeys(NEW)}
        with db_api.reading() as connection:
            there = {index['name'] for index in inspect(connection).get_indexes('images')}
        assert there >= {index.name for index in images.indexes}


def test_a_second_start_changes_nothing(url, old):
    for _ in range(2):
        with contextlib.closing(Database(url)) as db_api:
            assert db_api.image_get(ADMIN, old['id'])['name'] == 'old'


def test_what_is_newer_than_the_release_may_be_missing_from_a_row():
    assert all(images.c[name].nullable for name in NEW)
    assert 'images' in metadata.tables

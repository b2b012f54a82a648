"""Databases of before: nothing in them is lost, and they end up exactly as a new one begins."""

import json
import sqlite3
import threading

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from cloud.nova.db.sqlalchemy import migration, models
from cloud.nova.db.sqlalchemy.api import Database

RELEASE_0_1 = """
CREATE TABLE instances (
    id INTEGER NOT NULL, uuid VARCHAR(36) NOT NULL, display_name VARCHAR(255) NOT NULL,
    status VARCHAR(16) NOT NULL, fault JSON, image_ref VARCHAR(36), instance_type VARCHAR(255) NOT NULL,
    memory_mb INTEGER NOT NULL, root_gb INTEGER NOT NULL, system_metadata JSON NOT NULL,
    user_id VARCHAR(255), project_id VARCHAR(255),
    created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL, deleted_at DATETIME, deleted BOOLEAN NOT NULL,
    PRIMARY KEY (id), UNIQUE (uuid)
);
CREATE INDEX ix_instances_id ON instances (deleted, id);
CREATE INDEX ix_instances_project_id ON instances (deleted, project_id, id);
CREATE INDEX ix_instances_status ON instances (deleted, status);
CREATE TABLE s3_images (id INTEGER NOT NULL, uuid VARCHAR(36) NOT NULL, PRIMARY KEY (id), UNIQUE (uuid));
INSERT INTO s3_images VALUES (3, '33333333-3333-4333-8333-333333333333');
"""
MOMENT = '2014-03-05 12:00:00.000000'
FAULT = {'code': 404, 'message': 'There is no image.', 'created': '2014-03-05T12:00:00Z'}


def row(number, status, fault=None, deleted=0, flavor=('m1.tiny', 512, 1)):
    uuid = f'{number:08}-1111-4111-8111-111111111111'
    text = None if fault is None else json.dumps(fault)
    return (number, uuid, f'web-{number}', status, text, None, *flavor, '{"image_os": "linux"}', 'alice', 'demo',
            MOMENT, MOMENT, MOMENT if deleted else None, deleted)  # fmt: skip


@pytest.fixture
def old(tmp_path):
    """The path of a file as release 0.1 leaves it."""
    path = tmp_path / 'nova.sqlite'
    with sqlite3.connect(path) as connection:
        connection.executescript(RELEASE_0_1)
        rows = [
            row(1, 'ACTIVE'),
            row(2, 'ERROR', FAULT, flavor=('m1.small', 2048, 20)),
            row(4, 'BUILD'),
            row(5, 'ACTIVE', deleted=1),
        ]
        connection.executemany(f'INSERT INTO instances VALUES ({", ".join("?" * 16)})', rows)
    connection.close()
    return path


@pytest.fixture
def opened(old):
    db_api = Database(f'sqlite:///{old}')
    yield db_api
    db_api.close()


def test_every_instance_of_before_is_there_with_its_states(opened):
    states = [(row['id'], row['vm_state'], row['task_state'], row['power_state']) for row in opened.instance_get_all()]
    assert states == [(1, 'active', None, 1), (2, 'error', None, 0), (4, 'building', 'spawning', 0)]
    gone = opened.instance_get_by_uuid('00000005-1111-4111-8111-111111111111', read_deleted=True)
    assert (gone['deleted'], gone['vm_state']) == (True, 'active')


def test_what_was_known_of_an_instance_is_known_still(opened):
    first, failed = opened.instance_get_all()[:2]
    assert (first['display_name'], first['user_id'], first['project_id']) == ('web-1', 'alice', 'demo')
    assert (first['system_metadata'], first['metadata'], first['tags']) == ({'image_os': 'linux'}, {}, [])
    assert (first['flavor']['name'], first['flavor']['memory_mb'], first['vcpus']) == ('m1.tiny', 512, 1)
    assert (failed['flavor']['name'], failed['root_gb']) == ('m1.small', 20)
    assert first['fault'] is None
    assert failed['fault'] == {
        'code': 404,
        'message': 'There is no image.',
        'details': None,
        'created_at': '2014-03-05T12:00:00Z',
    }
    assert opened.s3_image_get(3)['uuid'] == '33333333-3333-4333-8333-333333333333'


def test_an_old_database_ends_up_as_the_models_say(opened):
    with opened.reading() as connection:
        compared = MigrationContext.configure(connection, opts={'include_object': ours})
        assert compare_metadata(compared, models.metadata) == []


def ours(item, name, kind, reflected, compare_to):
    return name != 'alembic_version'


def test_a_new_database_says_that_it_has_all_steps(tmp_path):
    db_api = Database(f'sqlite:///{tmp_path}/new.sqlite')
    with db_api.reading() as connection:
        assert connection.exec_driver_sql('SELECT version_num FROM alembic_version').all() == [(migration.head(),)]
    db_api.close()


def test_it_is_the_same_the_next_time(old):
    for _ in range(2):
        db_api = Database(f'sqlite:///{old}')
        rows = db_api.instance_get_all()
        db_api.close()
    assert [row['id'] for row in rows] == [1, 2, 4]


def test_eight_that_open_an_old_file_at_once_bring_it_up_once(old):
    errors, opened = [], []

    def open_it():
        try:
            opened.append(Database(f'sqlite:///{old}'))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert {len(db_api.instance_get_all()) for db_api in opened} == {3}
    for db_api in opened:
        db_api.close()


def test_a_step_that_fails_leaves_the_file_as_it_was(old, monkeypatch):
    monkeypatch.setattr(sqlalchemy.MetaData, 'create_all', lambda *args, **kwargs: None)
    with sqlite3.connect(old) as connection:
        connection.execute("UPDATE instances SET fault = '{}' WHERE id = 2")
        connection.execute("UPDATE instances SET status = 'STRANGE' WHERE id = 4")
    connection.close()
    with pytest.raises(ValueError, match='NOT NULL'):
        Database(f'sqlite:///{old}')
    with sqlite3.connect(old) as connection:
        assert connection.execute('SELECT status FROM instances WHERE id = 4').fetchall() == [('STRANGE',)]
        assert (
            connection.execute(
                "SELECT name FROM sqlite_master WHERE name IN ('services', 'alembic_version')"
            ).fetchall()
            == []
        )
    connection.close()

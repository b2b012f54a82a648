"""An image service of the benchmark's own: an ini like the shipped one, and a database with images in it.

Use: ini = own_ini(folder); ids = fill(folder, 1000); server.load_app(ini)
"""

import configparser
import functools
import io
import random
import tempfile
import uuid
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from paste.deploy import appconfig

from bench.in_process import logged_nowhere
from bench.over_http import ROOT
from cloud.glance.common import config
from cloud.glance.db.sqlalchemy.api import Database
from cloud.glance.db.sqlalchemy.models import images, locations, properties, tags
from cloud.oslo.service.wsgi import config_uri

SHIPPED = ROOT / 'cloud' / 'glance' / 'glance-api.ini'
BATCH = 10_000  # images in one INSERT
TENANTS = ('demo', 'other')  # who owns them, by turns


def in_folder(part):
    """The part of the benchmark that takes a folder (a Path), as one that makes it, and removes it afterwards."""

    @functools.wraps(part)
    def alone():
        with tempfile.TemporaryDirectory(prefix='toycloud-bench-') as folder, logged_nowhere():
            return part(Path(folder))

    return alone


def own_ini(folder, **settings):
    """Write a copy of glance-api.ini whose data is in the folder; return its path. settings: more for [DEFAULT]."""
    here = {'sql_connection': sql_connection(folder), 'filesystem_store_datadir': f'{folder}/images'}
    return own_copy(SHIPPED, folder, **here, **settings)


def own_copy(shipped, folder, **settings):
    """Write a copy of the shipped ini (a Path) into the folder, with these settings in [DEFAULT]; return its path."""
    ini = configparser.RawConfigParser()
    ini.read(shipped)
    ini['DEFAULT'].update(settings)
    text = io.StringIO()
    ini.write(text)
    path = folder / shipped.name
    path.write_text(text.getvalue().replace('%(here)s', str(shipped.parent)))
    return str(path)


def options_of(ini):
    """The service's options, by attribute."""
    return config.parse(appconfig(config_uri(ini)).global_conf)


def sql_connection(folder):
    return f'sqlite:///{folder}/glance.sqlite'


def fill(folder, count):
    """Put so many active images into the folder's database; return their ids as a list shows them, newest first.

    Each has a property, a tag and a location. Past the service and in large pieces: 100,000 take seconds.
    """
    dice = random.Random(1)
    ids = [str(uuid.UUID(int=dice.getrandbits(128), version=4)) for _ in range(count)]
    with closing(Database(sql_connection(folder))) as database:
        for start in range(0, count, BATCH):
            numbers = range(start, min(start + BATCH, count))
            with database.writing() as connection:
                for table, rows in rows_of(numbers, ids, folder).items():
                    connection.execute(table.insert(), rows)
    return ids[::-1]


def rows_of(numbers, ids, folder):
    """{table: [row, ...]} for the images of these numbers."""
    return {
        images: [image_row(number, ids[number]) for number in numbers],
        properties: [{'image_id': ids[number], 'name': 'os_type', 'value': 'linux'} for number in numbers],
        tags: [{'image_id': ids[number], 'value': f'lesson-{number % 10}'} for number in numbers],
        locations: [{'image_id': ids[number], 'value': f'file://{folder}/images/{ids[number]}'} for number in numbers],
    }


def image_row(number, image_id):
    moment = datetime(2014, 10, 16) + timedelta(seconds=number)
    return {
        'id': image_id,
        'name': f'image {number}',
        'status': 'active',
        'is_public': False,
        'owner': TENANTS[number % len(TENANTS)],
        'disk_format': 'raw',
        'container_format': 'bare',
        'size': number,
        'checksum': f'{number:032x}',
        'created_at': moment,
        'updated_at': moment,
    }

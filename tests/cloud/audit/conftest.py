"""A cloud as its services leave it: rows through their own databases, bytes through their own store."""

import contextlib
import io
import os
import uuid

import pytest

from cloud.audit.__main__ import main
from cloud.glance.common import config as glance_config
from cloud.glance.context import RequestContext
from cloud.glance.db.sqlalchemy.api import Database as GlanceDatabase
from cloud.glance.store.filesystem import Store
from cloud.nova.db.sqlalchemy.api import Database as NovaDatabase
from tests.cloud.glance.api import conftest as glance_api
from tests.cloud.glance.registry import conftest as registry
from tests.cloud.nova.api.openstack import conftest as nova_api
from tests.cloud.nova.fakes import ERROR, SIZE, STATES

ADMIN = RequestContext(is_admin=True)
DATA = b'bytes of an image'


class Cloud:
    """What the services keep in a folder. glance, nova: their databases; inis: of the three services."""

    def __init__(self, folder):
        self.folder, self.images, self.instances = folder, folder / 'images', folder / 'instances'
        self.inis = [glance_api.write_ini(folder), registry.write_ini(folder), nova_api.write_ini(folder)]
        self.glance = GlanceDatabase(f'sqlite:///{folder}/glance.sqlite')
        self.nova = NovaDatabase(f'sqlite:///{folder}/nova.sqlite')
        self.store = Store(glance_config.parse({'filesystem_store_datadir': str(self.images)}))
        self.instances.mkdir()

    def close(self):
        self.glance.close()
        self.nova.close()

    def image(self, data=DATA, **values):
        """The id of an active image with these bytes; values: other fields of its row."""
        image_id = str(uuid.uuid4())
        url, size, checksum, metadata = self.store.add(image_id, io.BytesIO(data), len(data))
        place = {'url': url, 'metadata': metadata, 'status': 'active'}
        stored = {'size': size, 'checksum': checksum, 'status': 'active', 'locations': [place]}
        return self.glance.image_create(ADMIN, {'id': image_id, **stored, **values})['id']

    def empty_image(self, **values):
        return self.glance.image_create(ADMIN, values)['id']

    def change(self, image_id, **values):
        self.glance.image_update(ADMIN, image_id, values)

    def file(self, image_id):
        return self.images / image_id

    def instance(self, status, disk=True, **values):
        """The uuid of an instance that was booted from an image; disk: whether it has one."""
        values = {'image_ref': str(uuid.uuid4()), 'fault': {'code': 500} if status == ERROR else None, **values}
        made = self.nova.instance_create({'display_name': 'web', **STATES[status], **SIZE, **values})['uuid']
        if disk:
            (self.instances / made).mkdir()
            (self.instances / made / 'disk').write_bytes(DATA)
        return made


@pytest.fixture
def cloud(tmp_path):
    with contextlib.closing(Cloud(tmp_path)) as cloud:
        yield cloud


@pytest.fixture
def audit(cloud, capsys):
    """audit(...): (exit status, lines) of an audit of the cloud."""

    def audit(*arguments, inis=None):
        status = main([*arguments, *map(str, cloud.inis if inis is None else inis)])
        captured = capsys.readouterr()
        return status, (captured.out + captured.err).splitlines()

    return audit


@pytest.fixture
def found(audit):
    """found(): the one line of the fault that is there."""

    def found(*arguments):
        status, lines = audit(*arguments)
        assert status == 1
        (line,) = lines
        return line

    return found


@pytest.fixture
def snapshot(tmp_path):
    """snapshot(): each file below the folder, with its size and time."""

    def snapshot():
        files = [os.path.join(place, name) for place, _folders, names in os.walk(tmp_path) for name in names]
        return {file: (os.stat(file).st_size, os.stat(file).st_mtime_ns) for file in files}

    return snapshot

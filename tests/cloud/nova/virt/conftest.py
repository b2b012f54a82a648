from types import SimpleNamespace

import pytest

from cloud.nova.common import config
from tests.cloud.nova import entry_points


@pytest.fixture
def options(tmp_path):
    return config.parse({'instances_path': f'{tmp_path}/instances', 'image_file_folders': f'{tmp_path}/images'})


@pytest.fixture
def image_service(options):
    """images: the bytes by id, or an error; locations: what get_locations answers; asked: what was asked for."""
    return FakeImageService(options)


@pytest.fixture
def driver(options, image_service):
    """As much of a ComputeDriver as handlers need."""
    return SimpleNamespace(options=options, image_service=image_service)


@pytest.fixture
def plug_in(tmp_path, monkeypatch):
    """plug_in(name='module:class'): these image handlers, beside those that are installed."""

    def declare(**handlers):
        entry_points.plug_in(monkeypatch, tmp_path / 'plugged', **{'nova.virt.image.handlers': handlers})

    return declare


class FakeImageService:
    def __init__(self, options):
        self.options = options
        self.images, self.locations, self.asked = {}, [], []

    def show(self, context, image_id):
        self.asked.append(('show', context, image_id))
        return {'id': image_id, 'size': len(self.images[image_id])}

    def get_locations(self, context, image_id):
        self.asked.append(('get_locations', context, image_id))
        return self.locations

    def download(self, context, image_id, dst_path, transfer=None):
        self.asked.append(('download', context, image_id))
        with open(dst_path, 'wb') as file:
            file.write(self.images[image_id][:2])
            if isinstance(self.images[image_id][-1], Exception):
                raise self.images[image_id][-1]
            file.write(self.images[image_id][2:])

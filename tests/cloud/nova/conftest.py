"""Compute on a real database, with an image service and a driver that tests can look into."""

import types

import pytest

from cloud.nova.compute.api import API
from cloud.nova.compute.flavors import Flavors
from cloud.nova.compute.manager import ComputeManager
from cloud.nova.db.sqlalchemy.api import Database
from cloud.nova.quota import Quotas
from tests.cloud.nova.fakes import FakeDriver, FakeImageService, wait_until_idle


@pytest.fixture
def cloud(tmp_path):
    """db_api, image_service, driver, manager (two workers), quotas and compute_api, by attribute."""
    db_api = Database(f'sqlite:///{tmp_path}/nova.sqlite')
    image_service, driver = FakeImageService(), FakeDriver()
    manager = ComputeManager(db_api, image_service, driver, workers=2)
    flavors = Flavors(db_api, ['small:512:1', 'large:2048:20', 'any:512:0'])
    quotas = Quotas(types.SimpleNamespace(quota_instances=-1, quota_cores=-1, quota_ram=-1), db_api)
    compute_api = API(db_api, image_service, manager, flavors, quotas)
    parts = {'db_api': db_api, 'image_service': image_service, 'driver': driver, 'manager': manager, 'quotas': quotas}
    yield types.SimpleNamespace(**parts, compute_api=compute_api)
    driver.go.set()
    wait_until_idle(manager)
    db_api.close()

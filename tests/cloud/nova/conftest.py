"""Compute on a real database, with an image service and a driver that tests can look into."""

import types

import pytest

from cloud.nova import rpc, service
from cloud.nova.availability_zones import AvailabilityZones
from cloud.nova.common import config
from cloud.nova.compute.api import API
from cloud.nova.compute.flavors import Flavors
from cloud.nova.compute.keypairs import KeypairAPI
from cloud.nova.compute.rpcapi import ComputeAPI
from cloud.nova.conductor.api import ComputeTaskAPI
from cloud.nova.db.sqlalchemy.api import Database
from cloud.nova.db.sqlalchemy.groups import GroupTable
from cloud.nova.network import neutron
from cloud.nova.quota import Quotas
from tests.cloud.nova.fakes import FakeDriver, FakeImageService, wait_until_idle


@pytest.fixture
def cloud(tmp_path):
    """db_api, image_service, driver, manager (two workers), quotas and compute_api, by attribute."""
    db_api = Database(f'sqlite:///{tmp_path}/nova.sqlite')
    image_service, driver = FakeImageService(), FakeDriver()
    options = config.parse({'workers': '2', 'compute_hosts': 'compute1:100:100000:1000'})
    transport = rpc.get_transport(options)
    services = service.start_all(options, db_api, transport, image_service, driver)
    manager = services[-1].manager
    flavors = Flavors(db_api, ['small:512:1', 'large:2048:20', 'any:512:0'])
    quotas = Quotas(types.SimpleNamespace(quota_instances=-1, quota_cores=-1, quota_ram=-1), db_api)
    compute_api = API(
        db_api=db_api,
        image_service=image_service,
        flavors=flavors,
        quotas=quotas,
        keypairs=KeypairAPI(db_api, quotas),
        groups=GroupTable(db_api),
        network_api=neutron.API(''),
        availability_zones=AvailabilityZones(db_api, options),
        compute_task_api=ComputeTaskAPI(transport),
        compute_rpcapi=ComputeAPI(transport),
    )
    parts = {'db_api': db_api, 'image_service': image_service, 'driver': driver, 'manager': manager, 'quotas': quotas}
    parts.update(options=options, transport=transport, services=services)
    yield types.SimpleNamespace(**parts, compute_api=compute_api)
    driver.go.set()
    wait_until_idle(manager)
    for each in services:
        each.stop()
    db_api.close()

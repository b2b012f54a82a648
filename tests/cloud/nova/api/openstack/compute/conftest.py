"""The controller over the router, as the caller ALICE, on compute with stand-ins around it."""

import pytest
from webtest import TestApp

from cloud.nova.api.openstack import APIRouter
from cloud.nova.api.openstack.compute.instances import Controller
from tests.cloud.nova.fakes import ALICE


@pytest.fixture
def client(cloud):
    app = APIRouter(instances=Controller(cloud.compute_api), cloud=None)
    return TestApp(app, extra_environ={'nova.context': ALICE})

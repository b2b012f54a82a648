"""Who may do what by EC2's API: what the compute API asks for, too."""

import pytest

from cloud.nova import exception
from cloud.nova.api.ec2.apirequest import POLICIES, APIRequest
from cloud.nova.api.ec2.instances import ComputeCloudController
from cloud.nova.context import RequestContext
from cloud.nova.policy import LEAST, V21


class Cloud:
    actions = dict.fromkeys(ComputeCloudController.actions, 'do')
    arguments = dict.fromkeys(ComputeCloudController.actions, {})

    def __init__(self):
        self.done = 0

    def do(self, context):
        self.done += 1
        return {}


def invoke(cloud, action, *roles):
    APIRequest(cloud, {'Action': action}).invoke(RequestContext('u', 'p', roles=roles), 'req-1')


@pytest.mark.parametrize('action', POLICIES)
def test_a_reader_changes_nothing(action):
    cloud = Cloud()
    with pytest.raises(exception.PolicyNotAuthorized):
        invoke(cloud, action, 'reader')
    assert cloud.done == 0
    invoke(cloud, action, 'member', 'reader')
    assert cloud.done == 1


def test_all_that_does_not_only_describe_is_guarded():
    assert {action for action in Cloud.actions if not action.startswith('Describe')} == set(POLICIES)
    assert {V21 + name for name in POLICIES.values()} <= set(LEAST)


def test_a_reader_may_have_things_described():
    cloud = Cloud()
    invoke(cloud, 'DescribeInstances', 'reader')
    assert cloud.done == 1

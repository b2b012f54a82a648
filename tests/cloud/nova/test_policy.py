"""Who may do what: each action that a controller asks about is in the table, and roles imply others."""

import re

import pytest

from cloud.nova import exception, policy
from cloud.nova.context import RequestContext
from tests.servers import ROOT

COMPUTE = ROOT / 'cloud/nova/api/openstack/compute'


def asked():
    """The names of the policies in the controllers' source."""
    for path in sorted(COMPUTE.glob('*.py')):
        source = path.read_text()
        constants = dict(re.findall(r"^([A-Z][A-Z0-9]*) = '(os_compute_api:[^']*)'", source, re.MULTILINE))
        for constant, name in re.findall(r"\b([A-Z][A-Z0-9]*) \+ '([^']+)'", source):
            if constant in constants:
                yield constants[constant] + name
        yield from re.findall(r"enforce\(req\.context, '([^']+)'\)", source)
        yield from (f'os_compute_api:{name}' for name in re.findall(r"= plain\('[^']+', '([^']+)'", source))


@pytest.mark.parametrize('action', sorted(set(asked())))
def test_every_action_that_is_asked_about_is_in_the_table(action):
    assert action in policy.LEAST


def test_the_controllers_ask_about_many():
    assert len(set(asked())) > 70


def caller(*roles, is_admin=False):
    return RequestContext('alice', 'demo', roles=roles, is_admin=is_admin)


@pytest.mark.parametrize(('action', 'may'), [
    ('os_compute_api:servers:show', ['reader', 'member', 'admin']),
    ('os_compute_api:servers:create', ['member', 'admin']),
    ('os_compute_api:os-services:list', ['admin']),
])  # fmt: skip
def test_who_has_one_role_may_do_what_those_below_it_may(action, may):
    assert [role for role in ('nobody', 'reader', 'member', 'admin') if policy.may(caller(role), action)] == may
    assert policy.may(caller('nobody', 'admin'), action)
    assert policy.may(caller(is_admin=True), action)
    assert not policy.may(caller(), action)


def test_a_refusal_names_the_action():
    message = "Policy doesn't allow os_compute_api:servers:create to be performed."
    with pytest.raises(exception.PolicyNotAuthorized, match=message):
        policy.enforce(caller('reader'), 'os_compute_api:servers:create')

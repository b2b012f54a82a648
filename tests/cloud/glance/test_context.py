"""Who asks."""

import json

from cloud.glance.api.policy import Enforcer
from cloud.glance.context import RequestContext


def test_images_belong_to_the_tenant_or_with_owner_is_tenant_off_to_the_user():
    assert RequestContext(user='alice', tenant='alpha').owner == 'alpha'
    assert RequestContext(user='alice', tenant='alpha', owner_is_tenant=False).owner == 'alice'


def test_roles_are_lower_cased_and_stripped():
    assert RequestContext(roles=[' Admin', 'MEMBER ']).roles == ['admin', 'member']


def test_admins_see_what_is_deleted():
    assert RequestContext(is_admin=True).show_deleted
    assert not RequestContext().show_deleted


def test_the_policy_may_make_an_admin(tmp_path):
    path = tmp_path / 'policy.json'
    path.write_text(json.dumps({'context_is_admin': 'role:boss'}))
    enforcer = Enforcer(path)
    assert RequestContext(roles=['Boss'], policy_enforcer=enforcer).is_admin
    assert not RequestContext(roles=['member'], policy_enforcer=enforcer).is_admin
    assert RequestContext(is_admin=True, policy_enforcer=enforcer).is_admin


def test_the_credentials_as_a_dict_do_not_hold_the_token():
    context = RequestContext(user='alice', tenant='alpha', roles=['member'], auth_token='secret', request_id='req-1')
    assert 'secret' not in str(context.to_dict())
    assert context.to_dict()['roles'] == ['member']

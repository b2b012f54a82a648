"""Who may do what with which property: reading the rules."""

import os

import pytest

from cloud import glance
from cloud.glance.api.policy import Enforcer
from cloud.glance.common.property_utils import OPERATIONS, PropertyRules
from cloud.glance.context import RequestContext

MEMBER = RequestContext(tenant='alpha', roles=['Member'])
ADMIN = RequestContext(tenant='admin', roles=['admin'], is_admin=True)
SAMPLES = os.path.dirname(glance.__file__)


def section(name, create='@', read='@', update='@', delete='@'):
    return f'[{name}]\ncreate = {create}\nread = {read}\nupdate = {update}\ndelete = {delete}\n'


@pytest.fixture
def read(tmp_path):
    """Rules from the text of a file."""

    def rules(text, rule_format='roles', policy='{"default": "", "boss": "role:admin"}'):
        (tmp_path / 'policy.json').write_text(policy)
        (tmp_path / 'protections.conf').write_text(text)
        return PropertyRules(tmp_path / 'protections.conf', rule_format, Enforcer(tmp_path / 'policy.json'))

    return rules


@pytest.mark.parametrize(
    ('value', 'member', 'admin'),
    [
        ('@', True, True),
        ('!', False, False),
        ('admin', False, True),
        ('member', True, False),
        ('x, member', True, False),
    ]
    + [('@,admin', True, True), ('!,admin', False, False), ('Member', False, False)],
)
def test_roles_everybody_and_nobody(read, value, member, admin):
    rules = read(section('.*', read=value))
    assert rules.check_property_rules('p', 'read', MEMBER) is member
    assert rules.check_property_rules('p', 'read', ADMIN) is admin


def test_each_operation_has_a_right_of_its_own(read):
    for granted in OPERATIONS:
        rules = read(section('.*', **{name: '@' if name == granted else '!' for name in OPERATIONS}))
        assert [name for name in OPERATIONS if rules.check_property_rules('p', name, MEMBER)] == [granted]


def test_the_first_section_in_the_file_that_matches_decides(read):
    rules = read(section('^secret_open', read='@') + section('secret', read='!') + section('.*', read='@'))
    assert rules.check_property_rules('secret_open', 'read', MEMBER)
    assert not rules.check_property_rules('my_secret', 'read', MEMBER)  # searched for, anywhere in the name
    assert rules.check_property_rules('other', 'read', MEMBER)


def test_what_nothing_matches_nobody_may_touch(read):
    rules = read(section('^x_'))
    assert not any(rules.check_property_rules('y', name, ADMIN) for name in OPERATIONS)
    assert not rules.check_property_rules('x_', 'rename', ADMIN)


def test_brackets_percent_signs_and_the_word_default_are_only_text_in_an_expression(read):
    rules = read(section('^[a-z]+%$') + section('DEFAULT', read='!'))
    assert rules.check_property_rules('abc%', 'read', MEMBER)
    assert not rules.check_property_rules('DEFAULT', 'read', MEMBER)


def test_policies_name_a_rule_each(read):
    rules = read(section('.*', 'boss', 'default', 'boss', 'boss'), 'policies')
    assert rules.check_property_rules('p', 'read', MEMBER)
    assert not rules.check_property_rules('p', 'create', MEMBER)
    assert rules.check_property_rules('p', 'create', ADMIN)


@pytest.mark.parametrize(
    ('text', 'rule_format', 'words'),
    [
        ('[x]\ncreate = @\nread = @\nupdate = @\n', 'roles', 'no line "delete'),
        (section('x', update=''), 'roles', 'no line "update'),
        (section('x', read='@,!'), 'roles', 'both'),
        (section('('), 'roles', 'not a regular expression'),
        (section('x', 'boss,default', 'boss', 'boss', 'boss'), 'policies', 'one policy rule'),
        (section('x', 'bos', 'boss', 'boss', 'boss'), 'policies', 'no such rule'),
        (section('x') + section('x'), 'roles', 'already exists'),
        ('create = @\n', 'roles', 'no section'),
        ('[x\n', 'roles', 'protections.conf'),
    ],
)
def test_a_mistake_is_one_line_at_start(read, text, rule_format, words):
    with pytest.raises(ValueError, match=words) as caught:
        read(text, rule_format)
    assert '\n' not in str(caught.value)
    assert str(caught.value).startswith('property_protection_file = ')


def test_an_unknown_format_stops_the_service(read):
    with pytest.raises(ValueError, match='property_protection_rule_format = rolls'):
        read(section('x'), 'rolls')


def test_a_missing_file_stops_the_service(tmp_path):
    with pytest.raises(ValueError, match='property_protection_file = .*none.conf: it cannot be read'):
        PropertyRules(tmp_path / 'none.conf', 'roles', None)


def test_a_file_that_is_not_utf_8_stops_the_service(tmp_path):
    (tmp_path / 'p.conf').write_bytes(b'[\xff]')
    with pytest.raises(ValueError, match='property_protection_file = '):
        PropertyRules(tmp_path / 'p.conf', 'roles', None)


@pytest.mark.parametrize('rule_format', ['roles', 'policies'])
def test_the_samples_can_be_used_as_they_are(rule_format):
    path = os.path.join(SAMPLES, f'property-protections-{rule_format}.conf')
    rules = PropertyRules(path, rule_format, Enforcer(os.path.join(SAMPLES, 'policy.json')))
    assert rules.check_property_rules('x_billing_code', 'update', ADMIN)
    assert not rules.check_property_rules('x_billing_code', 'read', MEMBER)
    assert rules.check_property_rules('anything', 'create', MEMBER)


@pytest.mark.parametrize(
    'name', ['X_Billing_Code', 'X_BILLING_CODE', 'x-billing-code', 'X-billing_Code', '\u212a_billing']
)
@pytest.mark.parametrize('expression', ['^[xk]_billing', '^[XK]_Billing'])
def test_names_are_compared_as_api_v1_shows_them(read, name, expression):
    rules = read(section(expression, *['admin'] * 4) + section('.*'))
    for operation in OPERATIONS:
        assert rules.check_property_rules(name, operation, ADMIN)
        assert not rules.check_property_rules(name, operation, MEMBER)
    assert rules.check_property_rules('y_billing', 'update', MEMBER)


def test_an_expression_with_a_dash_finds_the_name_with_a_dash(read):
    assert not read(section('^x-billing', read='!') + section('.*')).check_property_rules('X-Billing', 'read', MEMBER)

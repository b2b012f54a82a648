"""The language of policy rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.glance.openstack.common.policy import Rules

ALICE = {'user': 'alice', 'tenant': 'alpha', 'is_admin': False, 'roles': ['member', 'it']}
TARGET = {'owner': 'alpha', 'visibility': 'private', 'protected': True, 'none': None, 'role': 'IT'}


def allows(text, target=TARGET, credentials=ALICE):
    return Rules({'it': text}).allow('it', target, credentials)


YES = [
    '',
    '  ',
    '@',
    'role:member',
    'role:MEMBER',
    'role:%(role)s',
    'not !',
    'not role:admin',
    'NOT role:admin AND @',
    'user:alice',
    'tenant:%(owner)s',
    'is_admin:False',
    "'private':%(visibility)s",
    '"private":%(visibility)s',
    "'True':%(protected)s",
    'role:admin or role:member',
    'role:it and (role:admin or role:member)',
    'not (role:admin and role:member)',
    '((role:member))',
    'role:member or role:member and !',
    'not ! and not !',
]
NO = [
    '!',
    'role:admin',
    'not @',
    'not role:member',
    'tenant:%(visibility)s',
    'tenant:%(missing)s',
    'tenant:%(none)s',
    'not role:member or not role:it',
    "'public':%(visibility)s",
    'role:member and not role:it',
    '(role:member or role:member) and !',
    'not role:admin and role:admin',
]


@pytest.mark.parametrize('text', YES)
def test_says_yes_to(text):
    assert allows(text)


@pytest.mark.parametrize('text', NO)
def test_says_no_to(text):
    assert not allows(text)


def test_none_equals_nothing_not_even_none():
    nobody = {**ALICE, 'tenant': None}
    assert not allows('tenant:%(owner)s', {'owner': None}, nobody)
    assert not allows('tenant:None', {}, nobody)


def test_a_rule_may_ask_another():
    rules = Rules({'boss': 'role:admin', 'a': 'rule:boss or rule:us', 'us': "tenant:%(owner)s and not 'x':%(owner)s"})
    assert rules.allow('a', TARGET, ALICE)
    assert not rules.allow('a', {'owner': 'x'}, ALICE)


def test_an_unknown_rule_falls_to_the_default_and_without_one_to_no():
    assert Rules({'default': ''}).allow('what', {}, ALICE)
    assert not Rules({'default': '!'}).allow('what', {}, ALICE)
    assert not Rules({}).allow('what', {}, ALICE)
    assert Rules({'mine': ''}, default='mine').allow('what', {}, ALICE)
    assert Rules({'default': '', 'a': 'rule:what'}).allow('a', {}, ALICE)


BROKEN = [
    'role',
    'role:',
    ':admin',
    'admin',
    'role:a role:b',
    'role:a and',
    'or role:a',
    'not',
    '(role:a',
    'role:a)',
    '()',
    "'open:%(x)s",
    "'x'",
    "'x':",
    'role:%(x',
    'colour:red',
    'role:a and and role:b',
    '% :x',
]


@pytest.mark.parametrize('text', BROKEN)
def test_a_broken_rule_is_one_line_that_names_it(text):
    with pytest.raises(ValueError, match='^rule it = ') as caught:
        Rules({'it': text})
    assert '\n' not in str(caught.value)


@pytest.mark.parametrize('value', [None, [], [['role:a']], 7, {}])
def test_a_rule_is_text(value):
    with pytest.raises(ValueError, match='rule it is not text'):
        Rules({'it': value})


def test_a_loop_is_found_at_start():
    with pytest.raises(ValueError, match='a -> b -> a'):
        Rules({'a': 'rule:b', 'b': 'not rule:a'})
    with pytest.raises(ValueError, match='leads back to itself'):
        Rules({'default': 'rule:nothing'})


def test_a_reference_to_nothing_is_found_at_start():
    with pytest.raises(ValueError, match='rule a refers to rule:b'):
        Rules({'a': 'rule:b'})


CHECKS = st.sampled_from(['@', '!', 'role:member', 'role:admin'])


def combined(parts):
    return st.one_of(
        parts.map(lambda part: f'not {part}'),
        parts.map(lambda part: f'({part})'),
        st.tuples(parts, st.sampled_from(['and', 'or']), parts).map(' '.join),
    )


@given(st.recursive(CHECKS, combined, max_leaves=8))
def test_and_or_not_and_parentheses_mean_what_they_mean_in_python(text):
    python = text.replace('role:member', 'True').replace('role:admin', 'False').replace('@', 'True')
    assert allows(text) == eval(python.replace('!', 'False'))


@given(st.text())
def test_any_text_is_a_rule_or_a_value_error(text):
    try:
        allows(text)
    except ValueError as error:
        assert 'rule it' in str(error)

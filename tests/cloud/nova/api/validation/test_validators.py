import pytest

from cloud.nova import exception
from cloud.nova.api.validation import parameter_types as types
from cloud.nova.api.validation.validators import SchemaValidator

ONE = types.a_dict(
    {'server': types.a_dict({'name': types.name, 'count': types.positive_integer}, ['name'])}, ['server']
)


def refusal(schema, document, is_body=True):
    with pytest.raises(exception.ValidationError) as refused:
        SchemaValidator(schema, is_body).validate(document)
    return str(refused.value)


@pytest.mark.parametrize(('document', 'message'), [
    (None, "None is not of type 'object'"),
    ({}, "'server' is a required property"),
    ({'server': {}}, "Invalid input for field/attribute server. Value: {}. 'name' is a required property"),
    ({'server': {'name': ''}}, "Invalid input for field/attribute name. Value: . '' should be non-empty"),
    ({'server': {'name': 'a', 'count': 0}}, 'Value: 0. 0 is less than the minimum of 1'),
    ({'server': {'name': 'a', 'count': '0'}}, 'Value: 0. 0 is less than the minimum of 1'),
    ({'server': {'name': 'a', 'count': True}}, "True is not of type 'integer', 'string'"),
    ({'server': {'name': 'a', 'more': 1}}, "Additional properties are not allowed ('more' was unexpected)"),
    ({'server': {'name': ' a'}}, "An invalid 'name' value was provided."),
])  # fmt: skip
def test_a_refusal_names_the_field_its_value_and_what_is_wrong(document, message):
    assert message in refusal(ONE, document)


@pytest.mark.parametrize('count', [1, '1', 10**30])
def test_a_number_may_be_sent_as_text(count):
    SchemaValidator(ONE).validate({'server': {'name': 'a', 'count': count}})


def test_a_query_is_named_by_its_parameter():
    schema = {'type': 'object', 'properties': {'limit': types.multi_params(types.non_negative_integer_of_a_query)}}
    message = "Invalid input for query parameters limit. Value: x. 'x' does not match '^[0-9]*$'"
    assert refusal(schema, {'limit': ['1', 'x']}, is_body=False) == message


def test_version_2_drops_what_it_does_not_know():
    document = {'server': {'name': 'a', 'more': 1}, 'other': 2}
    SchemaValidator(ONE, relax_additional_properties=True).validate(document)
    assert document == {'server': {'name': 'a'}}


@pytest.mark.parametrize(('name', 'good', 'bad'), [
    ('uuid', '11111111-1111-4111-8111-111111111111', 'x'),
    ('uuid', '1' * 32, '1' * 31),
    ('base64', 'YQ==', 'a'),
    ('date-time', '2014-10-16T09:30:00Z', 'yesterday'),
    ('regex', '^a', '['),
    ('ipv4', '192.0.2.1', '192.0.2.256'),
    ('ipv6', '::1', '1'),
    ('cidr', '10.0.0.0/8', '10.0.0.0'),
    ('name', 'ä b', 'a\nb'),
    ('name_with_leading_trailing_spaces', ' a ', '  '),
])  # fmt: skip
def test_a_format_lets_pass_what_has_it(name, good, bad):
    schema = {'type': 'string', 'format': name}
    SchemaValidator(schema).validate(good)
    assert refusal(schema, bad)


@pytest.mark.parametrize('value', [5, None, [], {}])
def test_a_format_does_not_fail_on_what_is_no_text(value):
    for name in ('uuid', 'base64', 'date-time', 'regex', 'ipv4', 'cidr', 'name', 'name_with_leading_trailing_spaces'):
        assert refusal({'type': 'string', 'format': name}, value) == f"{value!r} is not of type 'string'"

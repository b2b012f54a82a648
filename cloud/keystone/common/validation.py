"""Bodies are checked against a JSON schema before anything is done with them.

Use: validate(noun('user', {'name': NAME}, required=['name']), body)
Real: keystone 2015.1 keystone/common/validation/validators.py SchemaValidator, parameter_types.py
"""

import jsonschema

from cloud.keystone import exception

NAME = {'type': 'string', 'minLength': 1, 'maxLength': 255, 'pattern': r'[\S]+'}
ID = {'type': 'string', 'minLength': 1, 'maxLength': 64, 'pattern': r'^[a-zA-Z0-9-]+$'}
NULL_ID = {**ID, 'type': ['string', 'null']}
TEXT = {'type': ['string', 'null'], 'maxLength': 65535}
BOOLEAN = {'type': 'boolean'}
LONGEST = 2000  # characters of a message: it does not repeat all that a client has sent


def noun(name, properties, required=()):
    """The schema of a body {name: {...}}: these properties are checked, others may be there."""
    part = {'type': 'object', 'properties': properties, 'additionalProperties': True}
    if required:
        part['required'] = list(required)
    return {'type': 'object', 'properties': {name: part}, 'required': [name]}


def validate(schema, body):
    """Nothing, or ValidationError with what is wrong."""
    error = next(jsonschema.Draft4Validator(schema).iter_errors(body), None)
    if error is not None:
        raise exception.ValidationError(explain(error)[:LONGEST])


def explain(error):
    if not error.path:
        return error.message
    path = '/'.join(map(str, error.path))
    return f'Invalid input for field/attribute {path}. Value: {error.instance}. {error.message}'

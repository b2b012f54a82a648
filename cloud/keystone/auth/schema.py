"""The body of POST /v3/auth/tokens, checked.

Use: validate_issue_token_auth(auth), or ValidationError
Real: keystone 2018.1 (Rocky) keystone/auth/schema.py
"""

import jsonschema

from cloud.keystone import exception

TEXT = {'type': 'string'}
DOMAIN = {'type': 'object', 'properties': {'id': TEXT, 'name': TEXT}}
USER = {
    'type': 'object',
    'properties': {'id': TEXT, 'name': TEXT, 'password': {'type': ['string', 'null']}, 'domain': DOMAIN},
}
IDENTITY = {
    'type': 'object',
    'properties': {
        'methods': {'type': 'array', 'items': TEXT},
        'password': {'type': 'object', 'properties': {'user': USER}},
        'token': {'type': 'object', 'properties': {'id': TEXT}, 'required': ['id']},
        'application_credential': {
            'type': 'object',
            'properties': {'id': TEXT, 'name': TEXT, 'secret': TEXT, 'user': USER},
        },
    },
    'required': ['methods'],
}
SCOPE = {
    'type': ['object', 'string'],
    'properties': {
        'project': {'type': 'object', 'properties': {'id': TEXT, 'name': TEXT, 'domain': DOMAIN}},
        'domain': DOMAIN,
        'system': {'type': 'object', 'properties': {'all': {'type': 'boolean'}}},
    },
}
TOKEN_ISSUE = {
    'type': 'object',
    'properties': {'identity': IDENTITY, 'scope': SCOPE},
    'required': ['identity'],
}
CHECKER = jsonschema.Draft4Validator(TOKEN_ISSUE)
# Where an id or a name must be, and how the refusal calls the place.
NAMED = (
    ('identity/password/user', ('identity', 'password', 'user')),
    ('identity/password/user/domain', ('identity', 'password', 'user', 'domain')),
    ('scope/project', ('scope', 'project')),
    ('scope/project/domain', ('scope', 'project', 'domain')),
    ('scope/domain', ('scope', 'domain')),
)
LONGEST = 3000  # characters of a message


def validate_issue_token_auth(auth):
    """auth: what the body has under "auth". ValidationError says what is wrong with it."""
    if not isinstance(auth, dict):
        raise exception.ValidationError(attribute='auth', target='request body')
    error = next(CHECKER.iter_errors(auth), None)
    if error is not None:
        place = '/'.join(map(str, error.path))
        where = f"Invalid input for field '{place}': " if place else ''
        raise exception.ValidationError(f'{where}{error}'[:LONGEST])
    for name, path in NAMED:
        part = dig(auth, path)
        if part is not None and 'id' not in part and 'name' not in part:
            raise exception.ValidationError(f'Invalid input for field {name}: id or name must be present.')


def dig(document, path):
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document

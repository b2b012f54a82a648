"""What a body and a query may look like: JSON schemas, one for each state of the API, named beside the action.

This folder need not be read to follow a request.

    @validation.schema({'2.1': create, '2.19': create_v219})     # the body of 2.1 to 2.18, and from 2.19 on
    @validation.query_schema({'2.1': index_query})
    def create(self, req, body): ...

The request's version picks the schema with the highest number that is not above it; a number with None behind it ends
the checking. wsgi.Resource asks check_body and check_query before it calls the action.
Real: nova 2014.2 nova/api/validation/__init__.py schema; query_schema since 2017
"""

from cloud.nova import exception
from cloud.nova.api.openstack import api_version_request
from cloud.nova.api.validation.validators import SchemaValidator


def schema(by_version):
    """Decorator: the bodies of this action. by_version: from '2.1' and the like to JSON schemas."""
    return _marker('body_schemas', by_version, is_body=True)


def query_schema(by_version):
    """Decorator: the queries of this action, as {'name': [values]}."""
    return _marker('query_schemas', by_version, is_body=False)


def _marker(attribute, by_version, is_body):
    strict = [
        (api_version_request.parse(first), document and SchemaValidator(document, is_body))
        for first, document in by_version.items()
    ]
    relaxed = by_version.get('2.0', by_version.get('2.1'))
    relaxed = relaxed and SchemaValidator(relaxed, is_body, relax_additional_properties=True)

    def mark(function):
        setattr(function, attribute, (sorted(strict, key=lambda pair: pair[0]), relaxed))
        return function

    return mark


def check_body(function, req, body):
    """ValidationError if the body is not as the schema of the action, at the request's version, wants it."""
    validator = _find(getattr(function, 'body_schemas', None), req)
    if validator is not None:
        validator.validate(body)


def check_query(function, req):
    """The same for the query; what the schema does not name is dropped where it lets unknown names pass."""
    try:
        query = req.GET.dict_of_lists() if req.query_string else {}
    except UnicodeDecodeError:
        raise exception.ValidationError('Query string is not UTF-8 encoded') from None
    validator = _find(getattr(function, 'query_schemas', None), req)
    if validator is not None:
        validator.validate(query)


def _find(schemas, req):
    if schemas is None:
        return None
    by_version, relaxed = schemas
    if req.is_legacy_v2:
        return relaxed
    fitting = [validator for first, validator in by_version if first <= req.api_version_request]
    return fitting[-1] if fitting else None

"""Keypairs over HTTP: each user's own, across all projects.

Real: nova 2014.2 nova/api/openstack/compute/contrib/keypairs.py
"""

from cloud.nova import exception, policy
from cloud.nova.api import validation
from cloud.nova.api.openstack import pages, wsgi
from cloud.nova.api.openstack.api_version_request import is_supported
from cloud.nova.api.openstack.compute.schemas import keypairs as schemas
from cloud.oslo.utils.timeutils import strtime
from wsgi import answer

POLICY = 'os_compute_api:os-keypairs:'
QUERY = {'2.1': schemas.open_query, '2.10': schemas.query_v210, '2.75': schemas.query_v275}


class KeypairController(wsgi.Resource):
    """keypairs: compute's KeypairAPI; max_limit: keypairs on a page."""

    def __init__(self, keypairs, max_limit=1000):
        self.keypairs = keypairs
        self.max_limit = max_limit

    @validation.schema({
        '2.1': schemas.create,
        '2.2': schemas.create_v22,
        '2.10': schemas.create_v210,
        '2.92': schemas.create_v292,
    })  # fmt: skip
    @wsgi.bad_request(exception.InvalidKeypair)
    def create(self, req, body):
        sent = body['keypair']
        user_id = allowed_user(req, 'create', sent.get('user_id'))
        key_type, private_key = sent.get('type', 'ssh'), None
        if 'public_key' in sent:
            made = self.keypairs.import_key_pair(req.context, user_id, sent['name'], sent['public_key'], key_type)
        else:
            made, private_key = self.keypairs.create_key_pair(req.context, user_id, sent['name'], key_type)
        shown = {**basic(req, made), 'user_id': user_id}
        if private_key is not None:
            shown['private_key'] = private_key
        return answer({'keypair': shown}, 201 if is_supported(req, '2.2') else 200)

    @validation.query_schema(
        {'2.1': schemas.open_query, '2.10': schemas.query_v210, '2.35': schemas.index_query_v235}
        | {'2.75': schemas.index_query_v275}
    )
    @wsgi.bad_request(exception.MarkerNotFound)
    def index(self, req):
        user_id = allowed_user(req, 'index', asked_user(req))
        limit, marker = pages.page_of(req, self.max_limit) if is_supported(req, '2.35') else (None, None)
        found = self.keypairs.table.get_all(user_id, limit, marker) if limit != 0 else []
        document = {'keypairs': [{'keypair': basic(req, keypair)} for keypair in found]}
        names = [keypair['name'] for keypair in found]
        return pages.with_links(document, req, 'keypairs', 'os-keypairs', limit, names)

    @validation.query_schema(QUERY)
    def show(self, req, id):
        keypair = self.keypairs.get(allowed_user(req, 'show', asked_user(req)), id)
        more = {
            'user_id': keypair['user_id'],
            'created_at': strtime(keypair['created_at']),
            'deleted': False,
            'deleted_at': None,
            'id': keypair['id'],
            'updated_at': None,
        }
        return {'keypair': {**basic(req, keypair), **more}}

    @validation.query_schema(QUERY)
    def delete(self, req, id):
        self.keypairs.table.destroy(allowed_user(req, 'delete', asked_user(req)), id)
        return wsgi.to_response(None, 204 if is_supported(req, '2.2') else 202)


def asked_user(req):
    return req.GET.get('user_id') if is_supported(req, '2.10') else None


def allowed_user(req, action, user_id):
    """Whose keypairs are meant: the caller's, unless an admin names another's; PolicyNotAuthorized."""
    policy.enforce(req.context, POLICY + action)
    if user_id not in (None, req.context.user_id) and not req.context.is_admin:
        raise exception.PolicyNotAuthorized(action=POLICY + action)
    return user_id or req.context.user_id


def basic(req, keypair):
    shown = {name: keypair[name] for name in ('name', 'public_key', 'fingerprint')}
    return {**shown, 'type': keypair['type']} if is_supported(req, '2.2') else shown

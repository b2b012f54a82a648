"""Which versions there are, told to anybody: a client asks this first, before it has a token.

    GET /       ->  {"versions": [...]}               GET /v2.1  ->  {"version": {... "2.1" to "2.104"}}
    elsewhere   ->  300 {"choices": [...]}

Use, in the ini:   [app:oscomputeversionapp]
                   paste.app_factory = cloud.nova.api.openstack.compute.versions:Versions.factory
                   [app:oscomputeversionapp_v2]
                   paste.app_factory = cloud.nova.api.openstack.compute.versions:VersionV2.factory
Real: nova 2014.2 nova/api/openstack/compute/versions.py Versions, VersionV2,
    nova/api/openstack/compute/views/versions.py
"""

from webob import Request

import wsgi
from cloud.nova.api.openstack import api_version_request
from cloud.nova.api.openstack.wsgi import Resource

MEDIA_TYPE = 'application/vnd.openstack.compute+json;version={}'
DOCUMENTED = {'rel': 'describedby', 'type': 'text/html', 'href': 'http://docs.openstack.org/'}
VERSIONS = {
    'v2.0': {
        'id': 'v2.0',
        'status': 'SUPPORTED',
        'version': '',
        'min_version': '',
        'updated': '2011-01-21T11:33:21Z',
    },
    'v2.1': {
        'id': 'v2.1',
        'status': 'CURRENT',
        'version': str(api_version_request.MAX),
        'min_version': str(api_version_request.MIN),
        'updated': '2013-07-23T11:33:21Z',
    },
}


def address(req, version_id):
    return f'{req.application_url if is_root(req) else req.host_url}/{"v2" if version_id == "v2.0" else version_id}/'


def is_root(req):
    return not req.script_name.endswith(('/v2', '/v2.1', '/v3'))


def media_types(version_id):
    number = '2' if version_id == 'v2.0' else '2.1'
    return [{'base': 'application/json', 'type': MEDIA_TYPE.format(number)}]


class Versions:
    """WSGI application: all versions at `/`, and that there is a choice anywhere else."""

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this."""
        return cls()

    @wsgi.application
    def __call__(self, environ, start_response):
        req = Request(environ)
        answered = self.index(req) if req.path_info in ('', '/') and is_root(req) else self.multi(req)
        return answered(environ, start_response)

    def index(self, req):
        versions = [
            {**version, 'links': [{'rel': 'self', 'href': address(req, version_id)}]}
            for version_id, version in VERSIONS.items()
        ]
        return wsgi.answer({'versions': versions})

    def multi(self, req):
        choices = [
            {
                'id': version_id,
                'status': version['status'],
                'links': [{'rel': 'self', 'href': address(req, version_id).rstrip('/') + path_behind_version(req)}],
                'media-types': media_types(version_id),
            }
            for version_id, version in VERSIONS.items()
        ]
        return wsgi.answer({'choices': choices}, 300)


def path_behind_version(req):
    return req.path_info or '/'


class VersionV2(Resource):
    """WSGI application: the document of one version, where the path has nothing behind the version."""

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this."""
        return cls()

    @wsgi.application
    def __call__(self, environ, start_response):
        req = Request(environ)
        environ.setdefault('nova.context', None)
        return self.respond(req, 'show', {})(environ, start_response)

    def show(self, req):
        version_id = 'v2.0' if req.is_legacy_v2 else 'v2.1'
        links = [{'rel': 'self', 'href': req.application_url.rstrip('/') + '/'}, DOCUMENTED]
        return {'version': {**VERSIONS[version_id], 'links': links, 'media-types': media_types(version_id)}}

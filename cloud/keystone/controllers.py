"""Which versions of the API there are: what every client asks first, without a token.

A client that is answered 401 here asks again and again; so these two never are.
Use: Version() as the router's `version`
Real: keystone 2014.2 keystone/controllers.py Version
Left out: /v2.0, and the JSON home.
"""

import wsgi
from cloud.keystone.common.wsgi import Resource, base_url

MEDIA_TYPE = {'base': 'application/json', 'type': 'application/vnd.openstack.identity-v3+json'}


class Version(Resource):
    public = ('get_versions', 'get_version_v3')

    def get_versions(self, req):
        response = wsgi.answer({'versions': {'values': [version(req)]}}, 300)
        response.headers['Location'] = base_url(req) + '/'
        return response

    def get_version_v3(self, req):
        return {'version': version(req)}


def version(req):
    return {
        'id': 'v3.14',
        'status': 'stable',
        'updated': '2020-04-07T00:00:00Z',
        'links': [{'rel': 'self', 'href': base_url(req) + '/'}],
        'media-types': [MEDIA_TYPE],
    }

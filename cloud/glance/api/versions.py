"""Which versions of the API there are: the document that clients look for first.

A version of v2 is a promise of what can be asked for: 2.3 deactivates, 2.5 has the visibilities shared and community,
2.6 imports, 2.7 hides and hashes, 2.12 has the tasks of an image, 2.13 the usage. All are one API, at the path /v2.
Use: versions.app_factory in the ini for the path /; the version negotiation filter answers with it too.
Real: glance 2014.2 glance/api/versions.py Controller, which ends at v2.2 and answers 300 at /versions, too
Left out: 2.8, 2.10, 2.11 and 2.14, which a service has only with several stores or a cache; the older releases of
    the document itself; GET /v2 is answered with it, like every path outside the APIs.
"""

import logging

from webob import Request

from cloud.glance.common import config
from wsgi import answer

LOG = logging.getLogger(__name__)

V2 = (
    ('v2.15', 'CURRENT'),
    *((f'v2.{minor}', 'SUPPORTED') for minor in (13, 12, 9, 7, 6, 5, 4, 3, 2, 1, 0)),
)
V1 = (('v1.1', 'CURRENT'), ('v1.0', 'SUPPORTED'))


class Controller:
    """WSGI application: whatever is asked, it answers with the versions that are switched on.

    200 to who asks for the versions by name, 300 to who has asked for something else.
    """

    def __init__(self, options):
        self.public_endpoint = options.public_endpoint
        self.enabled = [('/v2/', V2)] if options.enable_v2_api else []
        self.enabled += [('/v1/', V1)] if options.enable_v1_api else []

    def __call__(self, environ, start_response, status=300):
        host = (self.public_endpoint or Request(environ).host_url).rstrip('/')
        versions = [
            {'id': name, 'status': status, 'links': [{'rel': 'self', 'href': host + path}]}
            for path, names in self.enabled
            for name, status in names
        ]
        LOG.debug('versions: answers with the list of %d', len(versions))
        return answer({'versions': versions}, status)(environ, start_response)


def app_factory(global_config, **local_config):
    """Paste Deploy calls this with the ini's [DEFAULT] and the app's own section."""
    return Controller(config.parse(global_config))

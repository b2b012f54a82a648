"""Which versions of the API there are: the document that clients look for first.

Use: versions.app_factory in the ini for the path /; the version negotiation filter answers with it too.
Real: glance 2014.2 glance/api/versions.py Controller
Left out: the older releases of the document itself; GET /v2 is answered with it, like every path outside the APIs.
"""

import logging

from webob import Request

from cloud.glance.common import config
from wsgi import answer

LOG = logging.getLogger(__name__)

V2 = (('v2.2', 'CURRENT'), ('v2.1', 'SUPPORTED'), ('v2.0', 'SUPPORTED'))
V1 = (('v1.1', 'CURRENT'), ('v1.0', 'SUPPORTED'))


class Controller:
    """WSGI application: whatever is asked, it answers 300 with the versions that are switched on."""

    def __init__(self, options):
        self.public_endpoint = options.public_endpoint
        self.enabled = [('/v2/', V2)] if options.enable_v2_api else []
        self.enabled += [('/v1/', V1)] if options.enable_v1_api else []

    def __call__(self, environ, start_response):
        host = (self.public_endpoint or Request(environ).host_url).rstrip('/')
        versions = [
            {'id': name, 'status': status, 'links': [{'rel': 'self', 'href': host + path}]}
            for path, names in self.enabled
            for name, status in names
        ]
        LOG.debug('versions: answers with the list of %d', len(versions))
        return answer({'versions': versions}, 300)(environ, start_response)


def app_factory(global_config, **local_config):
    """Paste Deploy calls this with the ini's [DEFAULT] and the app's own section."""
    return Controller(config.parse(global_config))

"""Which version of the API is meant? The filter that answers by itself when none is.

    /v2.1/images                                            -> /v2/images
    /images  Accept: application/vnd.openstack.images-v2.1  -> /v2/images
    /versions                                               -> 200 with the list of versions
    /, /v2, /v9/images                                      -> 300 with the same

With the Accept header, the path stays as it is behind the version: /v1/images becomes /v1/v1/images, which is
nothing. The filter stands before authentication, so that a client without a token can find the versions.

Use, in the ini:
    [filter:versionnegotiation]
    paste.filter_factory = cloud.glance.api.middleware.version_negotiation:VersionNegotiationFilter.factory
Real: glance 2014.2 glance/api/middleware/version_negotiation.py VersionNegotiationFilter. There GET /v2 is a 404,
    which today's clients do not survive: the versions are what they look for there. And there /versions is a 300, too.
"""

import logging

from cloud.glance.api import versions
from cloud.glance.common import config

LOG = logging.getLogger(__name__)

VENDOR_TYPE = 'application/vnd.openstack.images-'


class VersionNegotiationFilter:
    """WSGI filter: rewrite the path to /v1... or /v2... and set environ['api.version'], or answer 300.

    app: the next WSGI application. options: enable_v1_api, enable_v2_api, public_endpoint.
    """

    def __init__(self, app, options):
        self.app = app
        self.versions = versions.Controller(options)
        self.majors = dict.fromkeys(('v2', *dict(versions.V2)), 2) if options.enable_v2_api else {}
        self.majors |= dict.fromkeys(('v1', *dict(versions.V1)), 1) if options.enable_v1_api else {}

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this; returns a function that wraps an application."""
        options = config.parse(global_config)
        return lambda app: cls(app, options)

    def __call__(self, environ, start_response):
        version, rest = split_version(environ['PATH_INFO'], environ.get('HTTP_ACCEPT', ''))
        if version == 'versions':
            return self.versions(environ, start_response, status=200)
        major = self.majors.get(version)
        if major is None or rest in ('', '/'):
            return self.versions(environ, start_response)
        LOG.debug('versionnegotiation: %r is version %d of the API', version, major)
        environ['api.version'] = major
        environ['PATH_INFO'] = f'/v{major}{rest}'
        return self.app(environ, start_response)


def split_version(path, accept):
    """(version, path behind it), both as the client wrote them; from the path, or from a vendor's media type."""
    segment, slash, rest = path.lstrip('/').partition('/')
    if segment != 'versions' and accept.startswith(VENDOR_TYPE):
        return accept.removeprefix(VENDOR_TYPE), path
    return segment, slash + rest

"""What nova once had: 410 for what is gone altogether, 404 for what only older versions passed on to other services.

Real: nova 2014.2 nova/api/openstack/compute/contrib/cells.py, fping.py, certificates.py, volumes.py, floating_ips.py,
    networks.py and others
Left out: passing on, as versions up to 2.35 did.
"""

from webob.exc import HTTPGone, HTTPNotFound

from cloud.nova.api.openstack import wsgi

GONE = 'This resource is no longer available. No forwarding address is given.'


class GoneController(wsgi.Resource):
    def gone(self, req, body=None, **variables):
        raise HTTPGone(GONE)

    def proxy(self, req, body=None, **variables):
        raise HTTPNotFound()

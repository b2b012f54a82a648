"""What the OpenStack API's controllers add to the ground floor's dispatch: the caller, and nova's errors as HTTP.

Use: class Controller(wsgi.Resource): def show(self, req, instance_id): ... req.context ...
Real: nova 2013-04 (c8067d1b70) nova/api/openstack/wsgi.py Resource, ResourceExceptionHandler
Left out: XML, extensions of an action.
"""

from webob.exc import HTTPServiceUnavailable, status_map

import wsgi
from cloud.nova import exception
from cloud.oslo.db.sqlalchemy.session import DBError

# Not found, but named in the body: that is wrong then, and the path is right.
NAMED_IN_BODIES = (exception.ImageNotFound, exception.FlavorNotFound)


class Resource(wsgi.Resource):
    """A WSGI application whose actions find the RequestContext in req.context, and may raise any NovaException."""

    def perform(self, req, action, variables):
        req.context = req.environ['nova.context']
        try:
            return super().perform(req, action, variables)
        except DBError as error:
            raise HTTPServiceUnavailable(str(error)) from None
        except exception.NovaException as error:
            code = 400 if isinstance(error, NAMED_IN_BODIES) else error.code
            if code == 500:
                raise
            raise status_map[code](str(error)) from error

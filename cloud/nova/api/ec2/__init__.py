"""EC2's API: a request is a query, an answer is XML, and an error is XML, too.

This folder need not be read to follow a request.

    GET /services/Cloud?Action=DescribeImages&ImageId.1=ami-00000001
    POST /services/Cloud with the same as a form, signed: how boto3 asks

Use: class CloudController(Executor): actions = {'DescribeImages': 'describe_images'}
Real: nova 2013-04 (c8067d1b70) nova/api/ec2/__init__.py Executor, ec2_error; there Requestify and more filters stand
    in front of it, and signatures say who is calling
Left out: throttling. Who is calling, a signature says (auth.py), or X-Auth-Token, as in all other lessons.
"""

import logging

from webob import Response
from webob.exc import HTTPException

from cloud.nova import exception
from cloud.nova.api.ec2 import apirequest
from cloud.oslo.db.sqlalchemy.session import DBError
from cloud.oslo.messaging import MessagingException
from wsgi import SERVICE_FAILED, Resource, read_fields, read_query

LOG = logging.getLogger(__name__)


class Executor(Resource):
    """A WSGI application for EC2's requests. A subclass has the methods that `actions` names, by EC2's names.

    Each takes the RequestContext and the request's arguments, and returns a dict.
    """

    actions = {}

    def execute(self, req):
        request_id = req.environ.get('openstack.request_id', '-')
        try:
            request = apirequest.APIRequest(self, {**read_query(req), **read_form(req)})
            return xml_response(200, request.invoke(req.environ['nova.context'], request_id))
        except exception.NovaException as error:
            LOG.debug('%s refuses: %s', type(self).__name__, error)
            return ec2_error(error.code, getattr(error, 'ec2_code', type(error).__name__), str(error), request_id)
        except HTTPException as refusal:
            return ec2_error(refusal.code, 'InvalidRequest', refusal.detail, request_id)
        except (DBError, MessagingException) as error:
            return ec2_error(503, 'Unavailable', str(error), request_id)
        except Exception:
            LOG.exception('%s failed', type(self).__name__)
            return ec2_error(500, 'InternalError', SERVICE_FAILED, request_id)


def read_form(req):
    """A POST's form, text by name."""
    return {name: value for name, value in read_fields(req).items() if isinstance(value, str)}


def ec2_error(status, code, message, request_id):
    """An error in EC2's shape, as a Response."""
    errors = {'Errors': {'Error': {'Code': code, 'Message': message}}, 'RequestID': request_id}
    return xml_response(status, apirequest.render('Response', errors))


def xml_response(status, element):
    return Response(apirequest.to_xml(element), status, content_type='text/xml', charset='UTF-8')

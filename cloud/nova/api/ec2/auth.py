"""Who is calling EC2's API: a signature says so, and Keystone, which knows the secret key, says whether it is right.

    Authorization: AWS4-HMAC-SHA256 Credential=KEY/...  ->  POST /v3/ec2tokens at Keystone  ->  X-Auth-Token

From here on the request is as any other: authtoken and keystonecontext follow. One with an X-Auth-Token and without a
signature goes on as it is. All that is refused on the way, here or behind, is told in XML.
Use, in the ini:   [filter:ec2keystoneauth]
                   paste.filter_factory = cloud.nova.api.ec2.auth:EC2KeystoneAuth.factory
Real: nova 2013-04 (c8067d1b70) nova/api/ec2/__init__.py FaultWrapper, EC2KeystoneAuth
Left out: a cache: each request is signed anew, and each is asked about.
"""

import hashlib
import io
import json
import logging
import re

import simplejson
import urllib3
from webob import Request

from cloud.nova.api.ec2 import ec2_error
from cloud.nova.common import config
from wsgi import MAX_BODY, application, parse_qsl

LOG = logging.getLogger(__name__)
PATIENCE = urllib3.Timeout(connect=3, read=10)
CODES = {401: 'AuthFailure', 403: 'UnauthorizedOperation', 404: 'InvalidAction', 413: 'RequestEntityTooLarge'}
V4 = re.compile(
    r'AWS4-HMAC-SHA256\s+Credential=([^/\s,]+)/[^,\s]+,?\s*SignedHeaders=([^,\s]+),?\s*Signature=([0-9a-f]+)'
)


class Refused(Exception):
    """status, code: as EC2 has them."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code = status, code


class EC2KeystoneAuth:
    """WSGI filter. auth_uri: Keystone's address, with /v3; empty for none: then no signature is right."""

    def __init__(self, app, auth_uri):
        self.app, self.url = app, auth_uri and auth_uri.rstrip('/') + '/ec2tokens'
        self.pool = urllib3.PoolManager(maxsize=16, timeout=PATIENCE, retries=False)

    @classmethod
    def factory(cls, global_config, **local_config):
        """Paste Deploy calls this; returns a function that wraps an application."""
        auth_uri = config.parse(global_config).auth_uri if global_config.get('auth_uri', '-').strip() else ''
        return lambda app: cls(app, auth_uri)

    @application
    def __call__(self, environ, start_response):
        req = Request(environ)
        try:
            self.sign_in(req)
        except Refused as refusal:
            LOG.debug('ec2keystoneauth refuses: %s', refusal)
            return error(req, refusal.status, refusal.code, str(refusal))(environ, start_response)
        response = req.get_response(self.app)
        if response.status_int >= 400 and response.content_type == 'application/json':
            response = error(req, response.status_int, *told(response))
        return response(environ, start_response)

    def sign_in(self, req):
        """Put the token of whoever signed the request into it; Refused."""
        credentials = read_signature(req)
        if credentials is not None:
            req.headers['X-Auth-Token'] = self.token_for(credentials)
        elif not req.headers.get('X-Auth-Token'):
            raise Refused(401, 'AuthFailure', 'The request is not signed: sign it with an access key and its secret.')

    def token_for(self, credentials):
        if not self.url:
            raise Refused(503, 'ServiceUnavailable', 'There is no Keystone to check signatures: set auth_uri.')
        body, headers = json.dumps({'credentials': credentials}), {'Content-Type': 'application/json'}
        try:
            answer = self.pool.request('POST', self.url, body=body, headers=headers)
        except urllib3.exceptions.HTTPError as problem:
            LOG.error('cannot ask %s: %s', self.url, type(problem).__name__)
            raise Refused(503, 'ServiceUnavailable', 'The Keystone service is temporarily unavailable.') from None
        if answer.status == 404:
            raise Refused(403, 'InvalidClientTokenId', 'There is no such access key.')
        if answer.status in (400, 401):
            message = 'The signature is not the one that this secret key makes, or it was made long ago.'
            raise Refused(403, 'SignatureDoesNotMatch', message)
        if answer.status != 200 or 'X-Subject-Token' not in answer.headers:
            raise Refused(503, 'ServiceUnavailable', f'Keystone answers {answer.status}.')
        return answer.headers['X-Subject-Token']


def error(req, status, code, message):
    return ec2_error(status, code, message, req.environ.get('openstack.request_id', '-'))


def told(response):
    """(code, message) of a fault that a filter behind has answered."""
    try:
        (fault,) = simplejson.loads(response.body).values()
        message = str(fault['message'])
    except (ValueError, TypeError, KeyError, AttributeError):
        message = response.status
    return CODES.get(response.status_int, 'ServiceUnavailable'), message


def read_signature(req):
    """What Keystone needs to check a signature, a dict; None without one. Refused."""
    query = params_of(req.query_string)
    found = V4.match(req.headers.get('Authorization', ''))
    if found:
        access, names, signature = found.groups()
    elif 'X-Amz-Signature' in query:
        access, names = query.get('X-Amz-Credential', '').split('/')[0], query.get('X-Amz-SignedHeaders', '')
        signature = query['X-Amz-Signature']
    elif req.headers.get('X-Auth-Token'):
        return None
    else:
        names, query = '', {**query, **form_of(req)}
        access, signature = query.get('AWSAccessKeyId'), query.get('Signature')
        if access is None or signature is None:
            return None
    headers = {name: req.headers.get(name, '') for name in [*names.split(';'), 'Authorization', 'X-Amz-Date'] if name}
    return {
        'access': access,
        'signature': signature,
        'verb': req.method,
        'host': req.headers.get('Host', ''),
        'path': req.script_name + req.path_info,
        'params': query,
        'headers': headers,
        'body_hash': hashlib.sha256(body_of(req)).hexdigest(),
    }


def params_of(text):
    return dict(parse_qsl(text, keep_blank_values=True))


def form_of(req):
    if req.method != 'POST' or req.content_type != 'application/x-www-form-urlencoded':
        return {}
    return params_of(body_of(req).decode(errors='replace'))


def body_of(req):
    """The request's body, which stays to be read; Refused if it is too long."""
    if 'ec2.body' not in req.environ:
        try:
            body = req.body_file.read(MAX_BODY + 1)
        except Exception:  # each server has errors of its own for a body that does not come to its end
            raise Refused(400, 'InvalidRequest', 'The body does not come to its end.') from None
        if len(body) > MAX_BODY:
            raise Refused(413, 'RequestEntityTooLarge', f'The body is too long: send at most {MAX_BODY} bytes.')
        req.environ['ec2.body'] = body
        req.environ['wsgi.input'], req.environ['CONTENT_LENGTH'] = io.BytesIO(body), str(len(body))
    return req.environ['ec2.body']

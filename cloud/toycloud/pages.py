"""What an admin may ask of a service's hidden side: one table of paths.

Use: Pages(controls, faults, gate, options) is a WSGI application; admins_alone(app) refuses all others, 403
Real: none
"""

import simplejson
from webob.exc import HTTPBadRequest, HTTPNotFound, HTTPUnsupportedMediaType

import routers
from cloud.oslo.utils.encodeutils import header_text
from cloud.toycloud.faults import BadRule
from wsgi import Resource, answer, fault

NEEDS_ADMIN = 'This needs the role admin.'


def admins_alone(app):
    def guarded(environ, start_response):
        roles = [role.strip().lower() for role in header_text(environ.get('HTTP_X_ROLES', '')).split(',')]
        return (app if 'admin' in roles else fault(403, NEEDS_ADMIN))(environ, start_response)

    return guarded


class Pages(routers.Router):
    routes = (
        ('/toycloud/health',      'GET HEAD', 'health', 'show'),
        ('/toycloud/faults',      'GET HEAD', 'faults', 'index'),
        ('/toycloud/faults',      'POST',     'faults', 'create'),
        ('/toycloud/faults',      'DELETE',   'faults', 'delete_all'),
        ('/toycloud/faults/{id}', 'GET HEAD', 'faults', 'show'),
        ('/toycloud/faults/{id}', 'DELETE',   'faults', 'delete'),
    )  # fmt: skip

    def __init__(self, controls, faults, gate, options):
        super().__init__(health=Health(controls, faults, gate), faults=FaultsController(faults))


class Health(Resource):
    def __init__(self, controls, faults, gate):
        self.controls, self.faults, self.gate = controls, faults, gate

    def show(self, req):
        """GET /toycloud/health"""
        problems = self.controls.problems()
        return answer(
            {
                'service': self.controls.service,
                'healthy': not problems,
                'problems': problems,
                'requests': self.gate.running,
                'delayed': self.gate.delayed,
                'faults': len(self.faults.rules),
            },
            503 if problems else 200,
        )


class FaultsController(Resource):
    def __init__(self, faults):
        self.faults = faults

    def index(self, req):
        """GET /toycloud/faults"""
        return {'faults': [rule.view() for rule in self.faults.rules.values()]}

    def create(self, req):
        """POST /toycloud/faults"""
        try:
            return answer({'fault': self.faults.add(read_json(req)).view()}, 201)
        except BadRule as error:
            raise HTTPBadRequest(str(error)) from None

    def show(self, req, id):
        """GET /toycloud/faults/{id}"""
        try:
            return {'fault': self.faults.rules[id].view()}
        except KeyError:
            raise unknown_rule() from None

    def delete(self, req, id):
        """DELETE /toycloud/faults/{id}"""
        if not self.faults.remove(id):
            raise unknown_rule()

    def delete_all(self, req):
        """DELETE /toycloud/faults"""
        self.faults.clear()


def unknown_rule():
    return HTTPNotFound('There is no such rule: GET /toycloud/faults lists all.')


def read_json(req):
    """The body's JSON; HTTPBadRequest."""
    if req.content_type not in ('application/json', ''):
        raise HTTPUnsupportedMediaType('Send JSON, with the header Content-Type: application/json.')
    try:
        return simplejson.loads(req.body)
    except (ValueError, RecursionError, OSError):
        raise HTTPBadRequest('The body is not JSON in UTF-8.') from None

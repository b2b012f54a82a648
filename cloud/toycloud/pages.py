"""What an admin may ask of a service's hidden side: one table of paths.

Use: Pages(controls, faults, gate, unread, options) is a WSGI application; admins_alone(app, None) refuses others, 403
Real: none
"""

import routers
from cloud.oslo.utils.encodeutils import header_text
from cloud.toycloud import controllers
from cloud.toycloud.state import State
from wsgi import fault

NEEDS_ADMIN = 'This needs the role admin.'
GET = 'GET HEAD'


def admins_alone(app, only_asks):
    """only_asks: key of the environ of what is no request, but the server's question whether it may come."""

    def guarded(environ, start_response):
        roles = [role.strip().lower() for role in header_text(environ.get('HTTP_X_ROLES', '')).split(',')]
        if 'admin' not in roles:
            return fault(403, NEEDS_ADMIN)(environ, start_response)
        if only_asks in environ:
            start_response('100 Continue', [])
            return []
        return app(environ, start_response)

    return guarded


class Pages(routers.Router):
    routes = (
        ('/toycloud/health',         GET,      'health',    'show'),
        ('/toycloud/reset',          'POST',   'state',     'reset'),
        ('/toycloud/state',          GET,      'state',     'show'),
        ('/toycloud/state',          'PUT',    'state',     'update'),
        ('/toycloud/states',         GET,      'states',    'index'),
        ('/toycloud/states/{name}',  'PUT',    'states',    'save'),
        ('/toycloud/states/{name}',  'POST',   'states',    'load'),
        ('/toycloud/states/{name}',  GET,      'states',    'show'),
        ('/toycloud/states/{name}',  'DELETE', 'states',    'delete'),
        ('/toycloud/seed',           'PUT',    'ids',       'seed'),
        ('/toycloud/faults',         GET,      'faults',    'index'),
        ('/toycloud/faults',         'POST',   'faults',    'create'),
        ('/toycloud/faults',         'DELETE', 'faults',    'delete_all'),
        ('/toycloud/faults/{id}',    GET,      'faults',    'show'),
        ('/toycloud/faults/{id}',    'DELETE', 'faults',    'delete'),
        ('/toycloud/clock',          GET,      'clock',     'show'),
        ('/toycloud/clock',          'PUT',    'clock',     'update'),
        ('/toycloud/clock',          'DELETE', 'clock',     'reset'),
        ('/toycloud/instances/{id}', 'PUT',    'instances', 'update'),
        ('/toycloud/unread',         GET,      'unread',    'index'),
        ('/toycloud/unread',         'DELETE', 'unread',    'delete_all'),
    )  # fmt: skip

    def __init__(self, controls, faults, gate, unread, options):
        state, ids = State(controls, gate, options.toycloud_state_limit), controllers.Ids()
        clock = controllers.ClockController(controls, gate)
        parts = (faults, unread, clock, ids)
        super().__init__(
            health=controllers.Health(controls, faults, gate),
            state=controllers.StateController(state, parts),
            states=controllers.KeptStates(state),
            ids=ids,
            faults=controllers.FaultsController(faults),
            clock=clock,
            instances=controllers.Instances(controls),
            unread=controllers.UnreadController(unread),
        )

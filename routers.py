"""The signpost: from a request's path and method to a controller's action.

RoutesMiddleware matches the request against a Mapper and stores the match in
environ['wsgiorg.routing_args']; `_dispatch` reads it there and calls the controller.

Use: subclass Router with a table of your own; Router(name=controller, ...) is then the WSGI application.
Real: nova 2014.2 nova/wsgi.py Router and nova/api/openstack/__init__.py APIRouter
Left out: versions in the path, extensions that add routes.
"""

import logging

from routes import Mapper
from routes.middleware import RoutesMiddleware

from controllers import Controller
from wsgi import application, fault

LOG = logging.getLogger(__name__)


class Router(RoutesMiddleware):
    """WSGI application: a request goes to the action that `routes` names, or is answered 404 or 405.

    controllers: keyword arguments, from a name in the table's third column to a WSGI application.
    A subclass brings its own `routes`, and its own `fault` if its 404 and 405 look different.
    """

    routes = (
        # path                       methods     controller   action
        ('/instances',               'GET HEAD', 'instances', 'index'),
        ('/instances',               'POST',     'instances', 'create'),
        ('/instances/{instance_id}', 'GET HEAD', 'instances', 'show'),
        ('/instances/{instance_id}', 'PUT',      'instances', 'update'),
        ('/instances/{instance_id}', 'DELETE',   'instances', 'delete'),
    )  # fmt: skip
    fault = staticmethod(fault)

    def __init__(self, **controllers):
        mapper = Mapper()
        self.add_routes(mapper, controllers)
        mapper.create_regs()  # now, not inside the first request
        # use_method_override must stay off: with it, `GET /instances/x?_method=DELETE` deletes x.
        # The other two cost time and do what is not needed here: to rewrite the path, to keep the match in a global.
        super().__init__(self._dispatch, mapper, use_method_override=False, path_info=False, singleton=False)

    __call__ = application(RoutesMiddleware.__call__)

    def add_routes(self, mapper, controllers):
        """Connect the table's rows. After those of each path comes one for all other methods: it leads to 405.

        The first route that matches wins: put /instances/detail above /instances/{instance_id}.
        """
        for path in dict.fromkeys(row[0] for row in self.routes):
            allowed = []
            for methods, name, action in (row[1:] for row in self.routes if row[0] == path):
                conditions = {'method': methods.split()}
                mapper.connect(path, controller=controllers[name], action=action, conditions=conditions)
                allowed += conditions['method']
            mapper.connect(path, allowed_methods=', '.join(allowed))

    def _dispatch(self, environ, start_response):
        """RoutesMiddleware calls this with its match: call the controller, or answer 404 or 405."""
        match = environ['wsgiorg.routing_args'][1]  # [0] is for variables without a name, which Routes has not
        if environ['PATH_INFO'].endswith('\n'):
            match = {}  # Routes' patterns end in `$`, which also matches before a final newline
        if 'controller' in match:
            answer = match['controller']
            LOG.debug('matches the route %s', environ['routes.route'].routepath)
        elif 'allowed_methods' in match:
            answer = self._method_not_allowed(environ['REQUEST_METHOD'], match['allowed_methods'])
        else:
            answer = self._not_found()
        return answer(environ, start_response)

    def _method_not_allowed(self, method, allowed):
        return self._refuse(405, f'{method} is not allowed here: use one of {allowed}.', {'Allow': allowed})

    def _not_found(self):
        paths = ', '.join(dict.fromkeys(row[0] for row in self.routes))
        return self._refuse(404, f'There is nothing at this path: this service answers at {paths}.')

    def _refuse(self, code, message, headers=()):
        LOG.debug('%s refuses: %s', type(self).__name__, message)
        return self.fault(code, message, headers)


def app_factory(global_config, **local_config):
    """Paste Deploy calls this with the ini's [DEFAULT] and the app's own section (dicts of text)."""
    return Router(instances=Controller())

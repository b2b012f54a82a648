"""A router: path and method lead to an action of the controller; a wrong method is a 405, and all the rest a 404."""

from routes import Mapper

from controllers import Controller
from wsgi import fault


class Signpost:
    routes = (
        # path                       method    action
        ('/instances',               'GET',    'index'),
        ('/instances',               'POST',   'create'),
        ('/instances/{instance_id}', 'GET',    'show'),
        ('/instances/{instance_id}', 'DELETE', 'delete'),
    )  # fmt: skip

    def __init__(self, controller):
        self.controller = controller
        self.mapper = Mapper()
        for path, method, action in self.routes:
            self.mapper.connect(path, action=action, conditions={'method': [method]})
        # Behind these, for each path, a route that takes any method.
        for path in {path for path, method, action in self.routes}:
            allowed = [row[1] for row in self.routes if row[0] == path]
            self.mapper.connect(path, allowed=', '.join(allowed))

    def __call__(self, environ, start_response):
        # The first route that fits, as a dict: {'action': 'show', 'instance_id': '42'}. None, if none does.
        match = self.mapper.match(environ['PATH_INFO'], environ)
        if match is None:
            answer = fault(404, 'There is nothing at this path.')
            return answer(environ, start_response)
        if 'allowed' in match:
            allowed = match['allowed']
            answer = fault(405, f'Use one of {allowed} here.', {'Allow': allowed})
            return answer(environ, start_response)
        match['controller'] = self.controller
        environ['wsgiorg.routing_args'] = ((), match)
        return self.controller(environ, start_response)


def app_factory(global_config, **local_config):
    """Paste Deploy calls this with the ini's [DEFAULT] and the app's own section."""
    return Signpost(Controller())

"""The ground floor's router and controller, made to do one thing more."""

from webob import Response
from webob.exc import HTTPBadRequest

import controllers
import routers
import wsgi

# What the action is called in the body, and the status that it leaves the instance in.
STATUSES = {'os-stop': 'SHUTOFF', 'os-start': 'ACTIVE'}


class Router(routers.Router):
    routes = (
        *routers.Router.routes,
        ('/instances/{instance_id}/action', 'POST', 'instances', 'act'),
    )  # fmt: skip


class Controller(controllers.Controller):
    def act(self, req, instance_id):
        instance = self.find(instance_id)
        names = list(wsgi.read_fields(req))
        if len(names) != 1 or names[0] not in STATUSES:
            raise HTTPBadRequest('Send one action, as {"os-stop": null} or {"os-start": null}.')
        instance['status'] = STATUSES[names[0]]
        return Response(status=202)


def app_factory(global_config, **local_config):
    """Paste Deploy calls this with the ini's [DEFAULT] and the app's own section."""
    return Router(instances=Controller())

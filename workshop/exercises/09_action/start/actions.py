"""The ground floor's router and controller, made to do one thing more."""

import controllers
import routers

# What the action is called in the body, and the status that it leaves the instance in.
STATUSES = {'os-stop': 'SHUTOFF', 'os-start': 'ACTIVE'}


class Router(routers.Router):
    routes = (
        *routers.Router.routes,
    )  # fmt: skip


class Controller(controllers.Controller):
    pass


def app_factory(global_config, **local_config):
    """Paste Deploy calls this with the ini's [DEFAULT] and the app's own section."""
    return Router(instances=Controller())

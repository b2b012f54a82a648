"""The ground floor's controller, made to keep no more than so many instances."""

from webob.exc import HTTPForbidden

import controllers
import routers


class Controller(controllers.Controller):
    def __init__(self, quota):
        self.quota = quota  # so many instances there may be
        super().__init__()  # adds inst-0, inst-1 and inst-2

    def add(self, instance):
        with self.lock:  # from the look to the change, nobody else comes in
            if len(self.instances) >= self.quota:
                raise HTTPForbidden(f'There may be {self.quota} instances: delete one first.')
            self.instances[instance['id']] = instance


def app_factory(global_config, **local_config):
    """Paste Deploy calls this with the ini's [DEFAULT] and the app's own section."""
    return routers.Router(instances=Controller(int(local_config['quota'])))

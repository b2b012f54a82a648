"""What nova lets testers do behind its back, where the ini says `toycloud = True`.

Use: urlmap's application has it: app.controls()  ->  a Controls
Real: none
"""

from cloud.nova import exception
from cloud.oslo.db.sqlalchemy.session import DBError
from wsgi import fault


class Controls:
    """parts: nova's (api/openstack)."""

    service = 'nova'
    fault = staticmethod(fault)

    def __init__(self, parts):
        self.parts, self.db_api = parts, parts.db_api

    def problems(self):
        """What is wrong with the service, a line each."""
        try:
            self.db_api.is_new()
        except DBError as error:
            return [str(error)]
        return []

    def name_of(self, instance_id):
        """What the instance of that id is called, or None."""
        try:
            return self.db_api.instance_get_by_uuid(instance_id)['display_name']
        except (exception.InstanceNotFound, DBError):
            return None

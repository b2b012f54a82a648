"""Availability zones: the names of groups of hosts, as the hosts' services say them.

Use: AvailabilityZones(db_api, options).names()  ->  ['nova']
Real: nova 2014.2 nova/availability_zones.py get_availability_zones, where aggregates of hosts make the zones
"""

from cloud.nova.servicegroup import api


class AvailabilityZones:
    """db_api: a Database; options: nova's; default_availability_zone is the zone of a host that names none."""

    def __init__(self, db_api, options):
        self.db_api, self.default = db_api, options.default_availability_zone
        self.servicegroup_api = api.API(options)

    def services(self):
        """The compute services, each a dict with its zone, and whether it is up."""
        found = self.db_api.service_get_all(binary='nova-compute')
        return [{**each, 'zone': self.of_service(each), 'is_up': self.is_up(each)} for each in found]

    def of_service(self, service):
        return service['availability_zone'] or self.default

    def is_up(self, service):
        return self.servicegroup_api.service_is_up(service)

    def is_host_up(self, host):
        """Whether the compute service of a host lives."""
        found = self.db_api.service_get_all(host, 'nova-compute')
        return any(self.is_up(each) for each in found)

    def names(self):
        """The zones that an instance may ask for: those with a host that is not disabled, and the default one."""
        zones = {each['zone'] for each in self.services() if not each['disabled']}
        return sorted(zones | {self.default})

"""Availability zones: the names of groups of hosts, as the hosts' services say them.

Use: AvailabilityZones(db_api, 'nova', 60).names()  ->  ['nova']
Real: nova 2014.2 nova/availability_zones.py get_availability_zones, where aggregates of hosts make the zones
"""

from cloud.oslo.utils.timeutils import utcnow


class AvailabilityZones:
    """db_api: a Database; default: the zone of a host that names none.

    down_time: seconds without a heartbeat after which a service is down.
    """

    def __init__(self, db_api, default='nova', down_time=60):
        self.db_api, self.default, self.down_time = db_api, default, down_time

    def services(self):
        """The compute services, each a dict with its zone, and whether it is up."""
        found = self.db_api.service_get_all(binary='nova-compute')
        return [
            {**each, 'zone': each['availability_zone'] or self.default, 'is_up': self.is_up(each)} for each in found
        ]

    def is_up(self, service):
        seen = service['last_seen_up']
        if service['forced_down'] or seen is None:
            return False
        return (utcnow() - seen).total_seconds() <= self.down_time

    def names(self):
        """The zones that an instance may ask for: those with a host that is not disabled; the default one is always there."""
        zones = {each['zone'] for each in self.services() if not each['disabled']}
        return sorted(zones | {self.default})

"""Availability zones over HTTP.

Real: nova 2014.2 nova/api/openstack/compute/contrib/availability_zone.py AvailabilityZoneController
"""

from cloud.nova import policy
from cloud.nova.api.openstack import wsgi
from cloud.oslo.utils.timeutils import strtime

POLICY = 'os_compute_api:os-availability-zone:'


class AvailabilityZoneController(wsgi.Resource):
    """zones: an AvailabilityZones."""

    def __init__(self, zones):
        self.zones = zones

    def index(self, req):
        policy.enforce(req.context, POLICY + 'list')
        return {'availabilityZoneInfo': [zone(name, True) for name in self.zones.names()]}

    def detail(self, req):
        policy.enforce(req.context, POLICY + 'detail')
        services = self.zones.services()
        shown = []
        for name in self.zones.names():
            hosts = {}
            for service in services:
                if service['zone'] == name:
                    hosts.setdefault(service['host'], {})[service['binary']] = status(service)
            shown.append({**zone(name, True), 'hosts': hosts})
        return {'availabilityZoneInfo': shown}


def zone(name, is_available):
    return {'zoneName': name, 'zoneState': {'available': is_available}, 'hosts': None}


def status(service):
    seen = service['last_seen_up']
    return {
        'available': service['is_up'],
        'active': not service['disabled'],
        'updated_at': seen and strtime(seen),
    }

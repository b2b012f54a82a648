"""Does a service live? It does if its last heartbeat is not long ago: each one writes one down every few seconds.

Use: API(options).service_is_up(service)
Real: nova 2014.2 nova/servicegroup/api.py API.service_is_up, nova/servicegroup/drivers/db.py DbDriver.is_up
"""

from cloud.oslo.utils.timeutils import utcnow


class API:
    """options: nova's; service_down_time counts here."""

    def __init__(self, options):
        self.options = options

    def service_is_up(self, service):
        """service: a row of the table services, as a dict."""
        if service['forced_down'] or service['last_seen_up'] is None:
            return False
        return abs((utcnow() - service['last_seen_up']).total_seconds()) <= self.options.service_down_time

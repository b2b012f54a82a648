"""The quotas: how much a project may have of what compute makes. A negative number: any amount.

A quota holds however many ask at once: the database counts and inserts in one transaction, and calls the check in
between (instance_create). What is deleted counts no longer; what is in ERROR does.
Use: Quotas(options).check_instances(used)
Real: nova 2014.2 nova/quota.py QuotaEngine, whose option quota_instances is 10 unless told otherwise. It keeps what is
    used in tables of its own, and reserves before it makes something: reserve, then commit or rollback.
Left out: quotas of single projects and users, which an API sets there; every resource but instances.
"""

from cloud.nova import exception


class Quotas:
    """options: nova's; those that begin with quota_ count here."""

    def __init__(self, options):
        self.options = options

    def check_instances(self, used):
        """TooManyInstances, if a project that has `used` instances may have no further one."""
        self._check('instances', used, self.options.quota_instances, exception.TooManyInstances)

    def _check(self, resource, used, allowed, error):
        if 0 <= allowed < used + 1:
            raise error(overs=resource, req=1, used=used, allowed=allowed, resource=resource)

"""The quotas: how much a project may have of what compute makes. A negative number: any amount.

A quota holds however many ask at once: the database counts and inserts in one transaction, and calls the check in
between (instance_create). What is deleted counts no longer; what is in ERROR does.
Use: quotas = Quotas(options, db_api); quotas.check_instances(quotas.limits('demo'), used, asked)
Real: nova 2014.2 nova/quota.py QuotaEngine. It keeps what is used in tables of its own, and reserves before it makes
    something: reserve, then commit or rollback; since 2017 nova counts, as here.
Left out: quotas of single users, quota classes.
"""

from cloud.nova import exception
from cloud.nova.db.sqlalchemy.quotas import QuotaTable

# What there are quotas for, in the API's order, and what a project may have unless the ini says otherwise. Those of
# networks are neutron's affair: -1.
DEFAULTS = {
    'cores': 20,
    'fixed_ips': -1,
    'floating_ips': -1,
    'injected_file_content_bytes': 10240,
    'injected_file_path_bytes': 255,
    'injected_files': 5,
    'instances': 10,
    'key_pairs': 100,
    'metadata_items': 128,
    'ram': 51200,
    'security_group_rules': -1,
    'security_groups': -1,
    'server_group_members': 10,
    'server_groups': 10,
}


class Quotas:
    """options: nova's; those that begin with quota_ count here. db_api: a Database."""

    def __init__(self, options, db_api):
        self.options, self.db_api = options, db_api
        self.table = QuotaTable(db_api)

    def defaults(self):
        """The limits, by resource, of a project for which nobody has set others."""
        return {name: getattr(self.options, f'quota_{name}', limit) for name, limit in DEFAULTS.items()}

    def limits(self, project_id):
        """The project's limits, by resource."""
        return {**self.defaults(), **self.table.get(project_id)}

    def usage(self, project_id):
        """{'instances': ..., 'cores': ..., 'ram': ...} of what the project has now."""
        return self.db_api.quota_usage(project_id)

    def check_instances(self, limits, used, asked):
        """TooManyInstances, if a project with these limits that has `used` may not have `asked` besides.

        used, asked: {'instances': ..., 'cores': ..., 'ram': ...}
        """
        overs = [name for name in ('cores', 'instances', 'ram') if 0 <= limits[name] < used[name] + asked[name]]
        if overs:
            requested, used, allowed = (', '.join(str(each[name]) for name in overs) for each in (asked, used, limits))
            names = ', '.join(overs)
            raise exception.TooManyInstances(overs=names, req=requested, used=used, allowed=allowed, resource=names)

"""What a project may have, and has, on one page.

Real: nova 2014.2 nova/api/openstack/compute/limits.py LimitsController, contrib/used_limits.py, views/limits.py
Left out: rates, which the real one no longer has either.
"""

from cloud.nova import policy
from cloud.nova.api import validation
from cloud.nova.api.openstack import wsgi
from cloud.nova.api.openstack.api_version_request import is_supported
from cloud.nova.api.openstack.compute.schemas import quota_sets as schemas

# The name on the page, the quota, and the version from which on it is gone.
MAXIMA = (
    ('maxServerMeta', 'metadata_items', None),
    ('maxPersonality', 'injected_files', '2.57'),
    ('maxPersonalitySize', 'injected_file_content_bytes', '2.57'),
    ('maxTotalInstances', 'instances', None),
    ('maxTotalCores', 'cores', None),
    ('maxTotalRAMSize', 'ram', None),
    ('maxTotalKeypairs', 'key_pairs', None),
    ('maxImageMeta', 'metadata_items', '2.39'),
    ('maxServerGroups', 'server_groups', None),
    ('maxServerGroupMembers', 'server_group_members', None),
    ('maxTotalFloatingIps', 'floating_ips', '2.36'),
    ('maxSecurityGroups', 'security_groups', '2.36'),
    ('maxSecurityGroupRules', 'security_group_rules', '2.36'),
)


class LimitsController(wsgi.Resource):
    """quotas: Quotas, with their table; groups: a GroupTable."""

    def __init__(self, quotas, groups):
        self.quotas, self.groups = quotas, groups

    @validation.query_schema({'2.1': schemas.limits_query, '2.75': schemas.limits_query_v275})
    def index(self, req):
        policy.enforce(req.context, 'os_compute_api:limits')
        project_id = req.GET.get('tenant_id') or req.context.project_id
        if project_id != req.context.project_id:
            policy.enforce(req.context, 'os_compute_api:os-used-limits')
        return {'limits': {'rate': [], 'absolute': self._absolute(req, project_id)}}

    def _absolute(self, req, project_id):
        limits, used = self.quotas.limits(project_id), self.quotas.usage(project_id)
        absolute = {name: limits[quota] for name, quota, gone in MAXIMA if not (gone and is_supported(req, gone))}
        absolute.update(totalRAMUsed=used['ram'], totalCoresUsed=used['cores'], totalInstancesUsed=used['instances'])
        if not is_supported(req, '2.36'):
            absolute.update(totalFloatingIpsUsed=0, totalSecurityGroupsUsed=0)
        absolute['totalServerGroupsUsed'] = self.groups.count(project_id)
        return absolute

"""What a project has used in a while: hours of its instances, times their memory, CPUs and disks.

Real: nova 2014.2 nova/api/openstack/compute/contrib/simple_tenant_usage.py SimpleTenantUsageController
"""

from datetime import timedelta

from webob.exc import HTTPBadRequest

from cloud.nova import exception, policy
from cloud.nova.api.openstack import wsgi
from cloud.nova.api.openstack.pages import page_of, with_links
from cloud.oslo.utils.timeutils import parse_isotime, strtime, utcnow

POLICY = 'os_compute_api:os-simple-tenant-usage:'
HOUR = 3600
SIZES = {'memory_mb': 'memory_mb', 'vcpus': 'vcpus', 'local_gb': 'root_gb'}


class SimpleTenantUsageController(wsgi.Resource):
    """db_api: a Database; max_limit: instances that are looked at for one answer."""

    def __init__(self, db_api, max_limit=1000):
        self.db_api, self.max_limit = db_api, max_limit

    def index(self, req):
        policy.enforce(req.context, POLICY + 'list')
        start, stop = period(req)
        by_project = {}
        for instance in self._instances(req, None)[0]:
            by_project.setdefault(instance['project_id'] or '', []).append(instance)
        detailed = req.GET.get('detailed') == '1'
        found = [usage_of(project_id, those, start, stop, detailed) for project_id, those in by_project.items()]
        return {'tenant_usages': [each for each in found if each]}

    def show(self, req, id):
        policy.enforce(req.context, POLICY + 'show')
        if id != req.context.project_id and not req.context.is_admin:
            raise exception.PolicyNotAuthorized(action=POLICY + 'show')
        start, stop = period(req)
        found, limit = self._instances(req, id)
        document = {'tenant_usage': usage_of(id, found, start, stop, True)}
        ids = [instance['uuid'] for instance in found]
        return with_links(document, req, 'tenant_usage', f'os-simple-tenant-usage/{id}', limit, ids)

    def _instances(self, req, project_id):
        limit, marker = page_of(req, self.max_limit)
        found = self.db_api.instance_get_all_by_filters(
            {'deleted': None}, ['id'], ['asc'], limit, marker or None, project_id
        )
        return found, limit if 'limit' in req.GET else None


def period(req):
    """(start, stop) of the query; four weeks until now if it does not say. HTTPBadRequest."""
    try:
        stop = parse_isotime(req.GET['end']) if 'end' in req.GET else utcnow()
        start = parse_isotime(req.GET['start']) if 'start' in req.GET else stop - timedelta(days=28)
    except ValueError:
        raise HTTPBadRequest('Datetime is in invalid format') from None
    if start >= stop:
        raise HTTPBadRequest('Invalid start time. The start time cannot occur after the end time.')
    return start, stop


def usage_of(project_id, instances, start, stop, detailed):
    """What the project's instances have used in the period; {} for nothing."""
    usages = [usage for instance in instances if (usage := server_usage(instance, start, stop))]
    if not usages:
        return {'tenant_id': project_id} if detailed and not instances else {}
    shown = {
        'tenant_id': project_id,
        'start': strtime(start),
        'stop': strtime(stop),
        'total_hours': sum(usage['hours'] for usage in usages),
    }
    for name in SIZES:
        shown[f'total_{name}_usage'] = sum(usage['hours'] * usage[name] for usage in usages)
    return {**shown, 'server_usages': usages} if detailed else shown


def server_usage(instance, start, stop):
    """One instance's part of the period, or None if it has none."""
    begun = instance['launched_at'] or instance['created_at']
    ended = instance['terminated_at']
    first, last = max(begun, start), min(ended or utcnow(), stop)
    if last <= first and not (begun <= stop and (ended is None or ended >= start)):
        return None
    return {
        'instance_id': instance['uuid'],
        'name': instance['display_name'],
        'hours': max(0.0, (last - first).total_seconds() / HOUR),
        'flavor': instance['flavor']['name'],
        'tenant_id': instance['project_id'],
        'started_at': strtime(begun),
        'ended_at': ended and strtime(ended),
        'state': 'terminated' if ended else instance['vm_state'],
        'uptime': int(((ended or utcnow()) - begun).total_seconds()),
        **{name: instance[column] for name, column in SIZES.items()},
    }

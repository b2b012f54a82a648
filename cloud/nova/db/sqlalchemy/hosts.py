"""The processes of compute, each with its heartbeat, and the machines that instances are made on.

Use: db_api.service_report('compute1', 'nova-compute', {'topic': 'compute'})       every few seconds
     db_api.compute_node_save('compute1', 'compute1', {'vcpus': 8, ...})
Real: nova 2014.2 nova/db/sqlalchemy/api.py service_*, compute_node_*; a heartbeat is servicegroup's db driver there
"""

from sqlalchemy import func, select

from cloud.nova import exception
from cloud.nova.db.sqlalchemy.models import compute_nodes, services
from cloud.oslo.utils.timeutils import utcnow
from cloud.oslo.utils.uuidutils import generate_uuid

SUMS = ('vcpus', 'memory_mb', 'local_gb', 'vcpus_used', 'memory_mb_used', 'local_gb_used', 'running_vms')


class Hosts:
    """A part of the Database."""

    def service_report(self, host, binary, values=None):
        """A heartbeat, which also makes the service known; the service as a dict. values: columns to set with it."""
        now = utcnow()
        beat = {**(values or {}), 'last_seen_up': now, 'updated_at': now}
        with self.writing() as connection:
            where = services.c.host == host, services.c.binary == binary
            counted = {**beat, 'report_count': services.c.report_count + 1}
            if connection.execute(services.update().where(*where).values(counted)).rowcount == 0:
                new = {'uuid': generate_uuid(), 'host': host, 'binary': binary, 'created_at': now}
                connection.execute(services.insert(), {'topic': binary.removeprefix('nova-'), **new, **beat})
            return first(connection, services, *where)

    def service_get_all(self, host=None, binary=None):
        """All services, or those of a host or of a kind such as 'nova-compute'."""
        wanted = {'host': host, 'binary': binary}
        conditions = [services.c[name] == value for name, value in wanted.items() if value is not None]
        return self._all(select(services).where(*conditions).order_by(services.c.id))

    def service_get(self, service_id):
        """By its number or its uuid; ServiceNotFound."""
        column = services.c.id if isinstance(service_id, int) else services.c.uuid
        return self._find(services, exception.ServiceNotFound, service_id, column == service_id)

    def service_get_by_host_and_binary(self, host, binary):
        """ServiceNotFound."""
        where = services.c.host == host, services.c.binary == binary
        return self._find(services, exception.ServiceNotFound, f'{binary} on {host}', *where)

    def service_update(self, service_id, values):
        """Change the columns that values names, and return the service; ServiceNotFound."""
        with self.writing() as connection:
            changed = services.update().where(services.c.id == service_id)
            connection.execute(changed.values({'updated_at': utcnow(), **values}))
        return self.service_get(service_id)

    def service_destroy(self, service_id):
        """The service is forgotten, and with it its compute nodes; ServiceNotFound."""
        service = self.service_get(service_id)
        with self.writing() as connection:
            connection.execute(services.delete().where(services.c.id == service['id']))
            if service['binary'] == 'nova-compute':
                connection.execute(compute_nodes.delete().where(compute_nodes.c.host == service['host']))

    def compute_node_save(self, host, node, values):
        """Set columns of a compute node, which becomes known if it is not; the node as a dict."""
        now = utcnow()
        with self.writing() as connection:
            where = compute_nodes.c.host == host, compute_nodes.c.hypervisor_hostname == node
            changed = compute_nodes.update().where(*where).values({**values, 'updated_at': now})
            if connection.execute(changed).rowcount == 0:
                new = {'uuid': generate_uuid(), 'host': host, 'hypervisor_hostname': node, 'created_at': now}
                connection.execute(compute_nodes.insert(), {**new, 'updated_at': now, **values})
            return first(connection, compute_nodes, *where)

    def compute_node_get_all(self):
        return self._all(select(compute_nodes).order_by(compute_nodes.c.id))

    def compute_node_get(self, node_id):
        """By its number or its uuid; ComputeHostNotFound."""
        column = compute_nodes.c.id if isinstance(node_id, int) else compute_nodes.c.uuid
        return self._find(compute_nodes, exception.ComputeHostNotFound, node_id, column == node_id)

    def compute_node_search_by_hypervisor(self, text):
        """Those whose name has the text in it."""
        condition = compute_nodes.c.hypervisor_hostname.contains(text, autoescape=True)
        return self._all(select(compute_nodes).where(condition).order_by(compute_nodes.c.id))

    def compute_node_statistics(self):
        """The sums over all nodes, and their `count`."""
        columns = [func.coalesce(func.sum(compute_nodes.c[name]), 0).label(name) for name in SUMS]
        with self.reading() as connection:
            row = connection.execute(select(func.count().label('count'), *columns).select_from(compute_nodes)).one()
        return {name: int(value) for name, value in row._mapping.items()}

    def _all(self, statement):
        with self.reading() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def _find(self, table, error, wanted, *conditions):
        with self.reading() as connection:
            row = first(connection, table, *conditions)
        if row is None:
            raise error(host=wanted)
        return row


def first(connection, table, *conditions):
    row = connection.execute(select(table).where(*conditions)).mappings().first()
    return None if row is None else dict(row)

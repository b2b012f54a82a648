"""The quotas' rows: what an admin has set for single projects.

Use: table = QuotaTable(db_api); table.get('demo')  ->  {'cores': 4}
Real: nova 2014.2 nova/db/sqlalchemy/api.py quota_get_all_by_project, quota_update,
    quota_destroy_all_by_project
"""

from sqlalchemy import select

from cloud.nova.db.sqlalchemy.api_models import quotas


class QuotaTable:
    """db_api: a Database."""

    def __init__(self, db_api):
        self.reading, self.writing = db_api.reading, db_api.writing

    def get(self, project_id):
        """The project's own limits, by resource."""
        wanted = select(quotas.c.resource, quotas.c.hard_limit).where(quotas.c.project_id == project_id)
        with self.reading() as connection:
            return {row.resource: row.hard_limit for row in connection.execute(wanted)}

    def update(self, project_id, limits):
        with self.writing() as connection:
            named = quotas.c.project_id == project_id, quotas.c.resource.in_(list(limits))
            connection.execute(quotas.delete().where(*named))
            rows = [{'project_id': project_id, 'resource': name, 'hard_limit': limit} for name, limit in limits.items()]
            if rows:
                connection.execute(quotas.insert(), rows)

    def destroy(self, project_id):
        with self.writing() as connection:
            connection.execute(quotas.delete().where(quotas.c.project_id == project_id))

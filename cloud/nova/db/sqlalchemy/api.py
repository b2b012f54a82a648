"""nova.db: what compute asks of its database, one transaction a question.

    instances.py   the instances, each change with the states that it expects
    filters.py     which instances a list has, in which order
    actions.py     what was done to an instance, and what came of it
    hosts.py       services with their heartbeats, and compute nodes
    s3_images.py   the numbers by which EC2's API knows images

Use: db_api = Database('sqlite:////tmp/nova.sqlite')
     db_api.instance_create({'display_name': 'web', 'vm_state': vm_states.BUILDING, ...})['uuid']
What is found comes back as a dict of its columns.
Real: nova 2014.2 nova/db/sqlalchemy/api.py: functions there, and the engine is a module global
Left out: who may do what: there each function takes the caller's context. Here compute.api decides, and asks for the
    instances of one project.
"""

from cloud.nova.db.sqlalchemy import migration
from cloud.nova.db.sqlalchemy.actions import Actions
from cloud.nova.db.sqlalchemy.hosts import Hosts
from cloud.nova.db.sqlalchemy.instances import Instances
from cloud.nova.db.sqlalchemy.s3_images import S3Images
from cloud.oslo.db.sqlalchemy.session import Session


class Database(Instances, Actions, Hosts, S3Images):
    """One database, for any number of threads; each write happens as a whole or not at all.

    sql_connection: an SQLAlchemy URL; ValueError if there is no such database to be had.
    """

    def __init__(self, sql_connection):
        self.session = Session(sql_connection, migration)
        self.reading, self.writing, self.close = self.session.reading, self.session.writing, self.session.close

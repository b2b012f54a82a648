"""nova-scheduler: python -m cloud.nova.cmd.scheduler INI

Real: nova 2014.2 nova/cmd/scheduler.py main
"""

import sys

from cloud.nova import service
from cloud.nova.cmd.launch import launch


def create(parts, host):
    return service.create_scheduler(parts.options, parts.db_api, parts.transport, host)


if __name__ == '__main__':
    sys.exit(launch('nova-scheduler', create))

"""nova-conductor: python -m cloud.nova.cmd.conductor INI

Real: nova 2014.2 nova/cmd/conductor.py main
"""

import sys

from cloud.nova import service
from cloud.nova.cmd.launch import launch


def create(parts, host):
    return service.create_conductor(parts.options, parts.db_api, parts.transport, host)


if __name__ == '__main__':
    sys.exit(launch('nova-conductor', create))

"""What nova asks of the network service: which networks and security groups a project has.

    create -> validate_networks: none, auto, or ids  ->  GET /v2.0/networks

What an instance then gets, the host decides (network/api.py). Where no network service runs, none can be
named.
Use: network_api = API('http://127.0.0.1:9696'); network_api.validate_networks(context, [{'uuid': ...}])
Real: nova 2014.2 nova/network/neutronv2/api.py API.validate_networks; nova/network/neutron.py since 2020
Left out: ports, fixed addresses, floating ones.
"""

import contextlib
import json
import logging
import urllib.error
import urllib.request
from urllib.parse import urlencode

from cloud.nova import exception
from cloud.nova.utils import is_uuid_like

LOG = logging.getLogger(__name__)

TIMEOUT = 10  # seconds
LARGEST = 4 * 1024 * 1024  # bytes of an answer
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
NO_FORMAT = 'Bad networks format: network uuid is not in proper format ({})'


class API:
    """url: of the network service, or empty for none."""

    def __init__(self, url):
        self.url = (url or '').rstrip('/')

    def networks(self, context):
        """The networks that the caller's project may use, dicts; [] if there is no service."""
        return self._list(context, 'networks')

    def validate_networks(self, context, requested):
        """What new instances get: 'none', None for what the project has, or [{'uuid': id, 'label': name}, ...].

        requested: None or 'auto', 'none', or [{'uuid': id}, ...]. InvalidRequest, NetworkNotFound.
        """
        if requested == 'none':
            return 'none'
        if requested in (None, [], 'auto'):
            return None
        found = {network['id']: network for network in self.networks(context)}
        return [named(self._find(found, each)) for each in requested]

    def _find(self, found, wanted):
        if wanted.get('port'):
            raise exception.InvalidRequest(f'Port {wanted["port"]} could not be found.')
        network_id = wanted.get('uuid') or ''
        if not is_uuid_like(network_id):
            raise exception.InvalidRequest(NO_FORMAT.format(network_id))
        try:
            return found[network_id]
        except KeyError:
            raise exception.NetworkNotFound(network_id=network_id) from None

    def security_groups(self, context, names):
        """The names of the security groups that are asked for by name or id; SecurityGroupNotFound.

        The group `default` is every project's.
        """
        wanted = [name for name in names if name != 'default']
        if wanted:
            known = self._list(context, 'security-groups')
            by_name = {each[key]: each['name'] for each in known for key in ('name', 'id')}
            for name in wanted:
                if name not in by_name:
                    raise exception.SecurityGroupNotFound(security_group=name)
            names = [by_name.get(name, name) for name in names]
        return list(dict.fromkeys(names))

    def get_security_groups(self, context, names, project_id):
        """Those groups of a project in full, dicts."""
        known = self._list(context, 'security-groups', tenant_id=project_id)
        return [each for each in known if each['name'] in names]

    def _list(self, context, collection, **filters):
        """What the service has of a kind; [] if nobody answers, which the log says."""
        if not self.url:
            return []
        query = f'?{urlencode(filters)}' if filters else ''
        headers = {'X-Auth-Token': context.auth_token or '', 'Accept': 'application/json'}
        request = urllib.request.Request(f'{self.url}/v2.0/{collection}{query}', headers=headers)
        try:
            with contextlib.closing(OPENER.open(request, timeout=TIMEOUT)) as answered:
                return json.loads(answered.read(LARGEST))[collection.replace('-', '_')]
        except (OSError, ValueError, KeyError, TypeError) as error:
            LOG.info('the network service at %s lists no %s: %s', self.url, collection, error)
            return []


def named(network):
    return {'uuid': network['id'], 'label': network.get('name') or network['id']}

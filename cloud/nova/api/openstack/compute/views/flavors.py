"""A flavor as clients see it.

Real: nova 2014.2 nova/api/openstack/compute/views/flavors.py ViewBuilder
"""

from cloud.nova.api.openstack import pages
from cloud.nova.api.openstack.api_version_request import is_supported


def basic(req, flavor):
    shown = {
        'id': flavor['flavorid'],
        'name': flavor['name'],
        'links': pages.links(req, 'flavors', flavor['flavorid']),
    }
    if is_supported(req, '2.55'):
        shown['description'] = flavor['description']
    return shown


def show(req, flavor):
    shown = {
        'id': flavor['flavorid'],
        'name': flavor['name'],
        'ram': flavor['memory_mb'],
        'disk': flavor['root_gb'],
        'swap': flavor['swap'] or ('' if not is_supported(req, '2.75') else 0),
        'OS-FLV-EXT-DATA:ephemeral': flavor['ephemeral_gb'],
        'OS-FLV-DISABLED:disabled': flavor['disabled'],
        'vcpus': flavor['vcpus'],
        'os-flavor-access:is_public': flavor['is_public'],
        'rxtx_factor': flavor['rxtx_factor'],
        'links': pages.links(req, 'flavors', flavor['flavorid']),
    }
    if is_supported(req, '2.55'):
        shown['description'] = flavor['description']
    if is_supported(req, '2.61'):
        shown['extra_specs'] = flavor['extra_specs']
    return shown

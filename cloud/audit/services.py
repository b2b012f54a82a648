"""Which service an ini starts, and its options, as the service itself would read them.

Use: kind, options = read_ini('cloud/nova/nova-api.ini')  ->  'nova', options.instances_path ...
Real: none
"""

import configparser
import os

from paste.deploy.loadwsgi import APP, loadcontext

from cloud.glance.common import config as glance_config
from cloud.nova.common import config as nova_config
from cloud.oslo.service.wsgi import config_uri

GLANCE, REGISTRY, NOVA = 'glance', 'registry', 'nova'
# The package that the ini's application comes from; the more exact one first.
PACKAGES = {'cloud.glance.registry': REGISTRY, 'cloud.glance': GLANCE, 'cloud.nova': NOVA}
PARSERS = {GLANCE: glance_config.parse, REGISTRY: glance_config.parse, NOVA: nova_config.parse}
HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHIPPED = tuple(os.path.join(HOME, *path.split('/')) for path in (
    'glance/glance-api.ini', 'glance/glance-registry.ini', 'nova/nova-api.ini',
))  # fmt: skip


def read_ini(path):
    """(kind, options) of the ini's application `main`. ValueError, in one line, if that is none of these services'."""
    try:
        context = loadcontext(APP, config_uri(path), 'main')
    except (OSError, LookupError, ImportError, configparser.Error) as error:
        raise ValueError(f'{path}: {" ".join(str(error).split())}') from None
    module = module_of(context)
    for package, kind in PACKAGES.items():
        if f'{module}.'.startswith(f'{package}.'):
            return kind, PARSERS[kind](context.global_conf)
    raise ValueError(f'{path}: its service keeps nothing: give the ini of glance-api, of its registry, or of nova')


def module_of(context):
    """The module of the application at the end of a Paste Deploy context's pipeline."""
    while hasattr(context, 'app_context'):
        context = context.app_context
    return context.object.__module__

"""Transfer modules: ways for a download to go past glance, straight to where the bytes are.

This folder need not be read to follow a request.
Each is an entry point of the namespace nova.image.download.modules, a module with get_schemes() and
get_download_handler(options). The option allowed_direct_url_schemes says which schemes may be used.

Use: handlers = get_download_handlers(options); handlers['file'].download(context, url, dst_path, metadata)
Real: nova 2013-10 nova/image/download/__init__.py load_transfer_modules, which keeps the first of several modules
    for one scheme
"""

import logging

from stevedore.extension import ExtensionManager

LOG = logging.getLogger(__name__)
NAMESPACE = 'nova.image.download.modules'


def load_transfer_modules():
    """The modules by scheme."""
    modules = {}
    for extension in ExtensionManager(NAMESPACE):
        for scheme in extension.plugin.get_schemes():
            if scheme in modules:
                LOG.warning('the scheme %s has several transfer modules: %s is taken', scheme, extension.name)
            modules[scheme] = extension.plugin
    return modules


def get_download_handlers(options):
    """The handlers by scheme, if the ini allows it. One that cannot be made is left out, with a warning."""
    handlers = {}
    for scheme, module in load_transfer_modules().items():
        if scheme in options.allowed_direct_url_schemes:
            try:
                handlers[scheme] = module.get_download_handler(options)
            except Exception as error:
                LOG.warning('no images can be had from %s: addresses: %s', scheme, error)
    return handlers

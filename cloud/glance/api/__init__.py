"""The image service's APIs, each below its own path.

    /  versions    /v1  the older API    /v2  the one to use

Use, in the ini:   [composite:rootapp]
                   paste.composite_factory = cloud.glance.api:root_app_factory
                   / = apiversions
                   /v1 = apiv1app
                   /v2 = apiv2app
Real: glance 2014.2 glance/api/__init__.py root_app_factory
"""

import functools

from paste.urlmap import urlmap_factory

from cloud.glance.api.parts import KEY, make_parts
from cloud.glance.controls import Controls


def root_app_factory(loader, global_config, **paths):
    """Paste Deploy calls this with its loader and the section's paths; returns an application for them all.

    What the service has once is made here: both APIs find it in their global_config, and the context filter at the
    application's `parts`. A path whose API is switched off by enable_v1_api or enable_v2_api leads nowhere.
    """
    parts = make_parts(global_config)
    if not parts.options.enable_v1_api:
        paths.pop('/v1', None)
    if not parts.options.enable_v2_api:
        paths.pop('/v2', None)
    app = urlmap_factory(loader, {**global_config, KEY: parts}, **paths)
    app.parts = parts
    app.controls = functools.partial(Controls, parts)  # for the filter toycloud, if it is switched on
    return app

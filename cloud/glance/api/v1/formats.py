"""The two formats of an image, and Amazon's three, which go together: aki with aki, ari with ari, ami with ami.

Use: image_meta = check_formats(image_meta, record, needed=True)
Real: glance 2014.2 glance/api/v1/images.py validate_image_meta, Controller._validate_image_for_activation
"""

from webob.exc import HTTPBadRequest

from cloud.glance.api.v2.schemas import CONTAINER_FORMATS, DISK_FORMATS

FORMATS = {'disk_format': DISK_FORMATS, 'container_format': CONTAINER_FORMATS}
AMAZON = {'aki', 'ari', 'ami'}


def check_formats(image_meta, image=None, needed=False):
    """The fields. If only one of the two is given and it is Amazon's, the other one is set to it, too. HTTPBadRequest.

    image: the record they are for, if there is one already; needed: without both formats there can be no data.
    """
    formats = {name: image_meta.get(name, (image or {}).get(name)) for name in FORMATS}
    known = {value for value in formats.values() if value}
    if known & AMAZON:
        if len(known) > 1:
            raise HTTPBadRequest(f'Invalid mix of formats: {" and ".join(formats.values())} do not go together.')
        formats = dict.fromkeys(FORMATS, *known)
    for name, value in formats.items():
        if value not in FORMATS[name] and (value or needed):
            raise HTTPBadRequest(f'Invalid {name} {str(value)[:40]} for image: use one of {", ".join(FORMATS[name])}.')
    return {**image_meta, **{name: value for name, value in formats.items() if value}}


def complete_formats(image_meta):
    """The fields as check_formats answers them, or as they are if something is wrong with them: that is said later."""
    try:
        return check_formats(image_meta)
    except HTTPBadRequest:
        return image_meta

"""What each change of a PATCH does to a domain image; nothing is stored here.

Use: for change in json_patch.read_changes(req): apply(image, change); then one repo.save(image)
Real: glance 2014.2 glance/api/v2/images.py ImagesController._do_add, _do_replace, _do_remove and those for locations.
    There hasattr decides what is a property of the image, so that a client can set what it is made of (base,
    context, delete); and add never replaces before Kilo.
"""

from webob.exc import HTTPBadRequest, HTTPConflict, HTTPForbidden

from cloud.glance.api.v2.schemas import INSIDE, READ_ONLY, READ_ONLY_LINKS, RESERVED, SETTABLE
from cloud.glance.domain import RESERVED_PREFIX
from cloud.oslo.utils.strutils import is_whole_number, whole_number

NOT_REMOVABLE = (*SETTABLE, 'id', *READ_ONLY, *READ_ONLY_LINKS, *RESERVED, *INSIDE)


def apply(image, change):
    """Change the image; HTTPConflict, HTTPForbidden, HTTPBadRequest, or what the chain has against it.

    change: a json_patch.Change whose name and value are checked already.
    """
    table = LOCATION_OPERATIONS if change.path[0] == 'locations' else OPERATIONS
    table[change.op](image, change)


def add(image, change):
    name = change.path[0]
    if not change.replaces and (name in SETTABLE or name in image.extra_properties):
        raise HTTPConflict(f'The property {name} is there already: replace it.')
    set_property(image, name, change.value)


def replace(image, change):
    name = change.path[0]
    if name not in SETTABLE and name not in image.extra_properties:
        raise HTTPConflict(f'There is no property {name}: add it.')
    set_property(image, name, change.value)


def set_property(image, name, value):
    if name in SETTABLE:
        setattr(image, name, value)
    elif value is None:  # where a schema allows that: no value
        image.extra_properties.pop(name, None)
    else:
        image.extra_properties[name] = value


def remove(image, change):
    name = change.path[0]
    if name in NOT_REMOVABLE or name.startswith(RESERVED_PREFIX):
        raise HTTPForbidden(f'The property {name} cannot be removed.')
    if name not in image.extra_properties:
        raise HTTPConflict(f'There is no property {name}.')
    del image.extra_properties[name]


def add_location(image, change):
    """The location layer looks whether there is data, and how much; with data, a queued image becomes active."""
    check_takes_locations(image)
    token = change.path[1]
    if token == '-':
        image.locations.append(change.value)
    else:
        image.locations.insert(read_position(token, len(image.locations)), change.value)
    if image.status == 'queued':
        image.status = 'active'


def replace_locations(image, change):
    check_takes_locations(image)
    image.locations = change.value
    if change.value and image.status == 'queued':
        image.status = 'active'
    elif not change.value:
        requeue(image)


def check_takes_locations(image):
    """HTTPConflict while an upload is under way: that settles where the data is."""
    if image.status not in ('queued', 'active'):
        raise HTTPConflict(f'The image is {image.status}: its locations can be set while it is queued or active.')


def remove_location(image, change):
    del image.locations[read_position(change.path[1], len(image.locations) - 1)]
    if not image.locations:
        requeue(image)


def requeue(image):
    """An image without data waits for some."""
    if image.status == 'active':
        image.status = 'queued'


def read_position(token, last):
    """An index from 0 to last; a dash means the last. HTTPBadRequest for another."""
    if token == '-' and last >= 0:
        return last
    if is_whole_number(token) and whole_number(token) <= last:
        return whole_number(token)
    raise HTTPBadRequest(f'There is no position {token[:40]} among the locations.')


OPERATIONS = {'add': add, 'replace': replace, 'remove': remove}
LOCATION_OPERATIONS = {'add': add_location, 'replace': replace_locations, 'remove': remove_location}

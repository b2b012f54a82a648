"""Which images are in a list: conditions for a SELECT. (Their order, and what comes after a marker, is order.py's.)

Real: glance 2014.2 glance/db/sqlalchemy/api.py _make_conditions_from_filters, _select_images_query
"""

import re
from datetime import datetime

from sqlalchemy import Boolean, DateTime, and_, false, or_, select, true

from cloud.glance.common import exception
from cloud.glance.db.sqlalchemy.models import Number, images, members, properties, tags
from cloud.oslo.utils.strutils import PLAIN, bool_from_string, signed_number
from cloud.oslo.utils.timeutils import normalize_time, parse_isotime

MEMBER_STATUSES = ('pending', 'accepted', 'rejected', 'all')
MAX_FILTERS = 256  # databases limit how much one question may ask


def living(deleted):
    """The conditions for False: neither deleted nor killed; for True: deleted; for None: all there ever was."""
    if deleted is False:
        return [images.c.deleted == false(), images.c.status != 'killed']
    return [] if deleted is None else [images.c.deleted == true()]


def hidden(os_hidden):
    """The conditions for True: what is hidden; for False: what is not, or never was said to be; for None: all."""
    if os_hidden is None:
        return []
    return [images.c.os_hidden.is_(true()) if os_hidden else images.c.os_hidden.is_not(true())]


def visible(context, member_status='accepted', is_public=None, visibility=None, only_shared=False):
    """The conditions of what the caller may list.

    is_public, for v1: None lists all that the caller may see, False what is not public, and True shows an admin only
    what an ordinary user would see. visibility, for v2: None, 'public', 'private', 'shared', 'community' or 'all'.
    only_shared: whether only images of the visibility shared are their members' to see.
    InvalidParameterValue for another visibility or member_status.
    """
    own, for_members = images.c.owner == context.owner, shared_with(context.owner, member_status, only_shared)
    private = [~images.c.is_public, images.c.visibility.is_(None)]
    conditions = {
        None: [or_(images.c.visibility.is_distinct_from('community'), own)],
        'public': [images.c.is_public == true()],
        'private': private if context.is_admin else [*private, own],
        # In 2014.2, where private images have members, this word meant what is shared with the caller.
        'shared': [~images.c.is_public, or_(images.c.visibility == 'shared', for_members)],
        'community': [images.c.visibility == 'community'],
        'all': [],
    }
    if visibility not in conditions:
        named = ', '.join(filter(None, conditions))
        raise exception.InvalidParameterValue(f'visibility={visibility} is not one of {named}.')
    found = conditions[visibility]
    if is_public is False:
        found.append(~images.c.is_public)
    if not context.is_admin or is_public:
        seen = [images.c.is_public == true()]
        if visibility in ('community', 'all'):
            seen.append(images.c.visibility == 'community')
        if context.owner is not None:
            seen += [own, for_members]
        found.append(or_(*seen))
    return found


def shared_with(owner, member_status, only_shared=False):
    if member_status not in MEMBER_STATUSES:
        raise exception.InvalidParameterValue(
            f'member_status={member_status} is not one of {", ".join(MEMBER_STATUSES)}.'
        )
    of_owner = select(members.c.image_id).where(members.c.member == owner)
    if member_status != 'all':
        of_owner = of_owner.where(members.c.status == member_status)
    is_member = images.c.id.in_(of_owner)
    return and_(images.c.visibility == 'shared', is_member) if only_shared else is_member


def visible_members(context):
    """The conditions of the memberships that the caller may see: of own images, and in others'."""
    if context.is_admin:
        return []
    if context.owner is None:
        return [false()]
    own = select(images.c.id).where(images.c.owner == context.owner)
    return [or_(members.c.member == context.owner, members.c.image_id.in_(own))]


def matching(filters):
    """The conditions that the filters make, all of which must hold.

    filters: what to look for by name, text, a list of texts (all of them), a frozenset (one of them) or, of a column
    of numbers or moments, {'gt': text} with one of eq, neq, gt, gte, lt, lte: `tag` (or
    `tags`), a column, a column of numbers with _min or _max behind it, `changes-since` (a moment), and any other name
    is an extra property's. `properties` may be a dict of extra properties, for names that mean something else here.
    InvalidParameterValue, or InvalidFilterRangeValue for _min and _max, if a column cannot hold what is asked for.
    InvalidParameterValue for more than MAX_FILTERS.
    """
    pairs = [(name, value) for name, values in filters.items() for value in listed(values)]
    count = sum(len(value) if isinstance(value, dict | frozenset) else 1 for _name, value in pairs)
    if count > MAX_FILTERS:
        raise exception.InvalidParameterValue(f'These are {count} filters: send at most {MAX_FILTERS}.')
    return [condition(name, value) for name, value in pairs]


def listed(values):
    return values if isinstance(values, list | tuple | set) else [values]


def condition(name, value):
    if name == 'properties' and isinstance(value, dict):
        return and_(true(), *(has_property(*each) for each in value.items()))
    if name in ('tag', 'tags'):
        return has(tags, tags.c.value == value)
    if isinstance(value, frozenset):
        return or_(false(), *(condition(name, each) for each in value))
    if isinstance(value, dict):
        return and_(true(), *(compared(images.c[name], *each) for each in value.items()))
    if name in images.c:
        return equals(images.c[name], value)
    if bound := read_bound(name):
        return within(images.c[bound[1]], bound[2], value)
    return images.c.updated_at > since(value) if name == 'changes-since' else has_property(name, value)


def read_bound(name):
    """The match (a column of numbers, min or max) of a name such as size_min; None for another name."""
    bound = re.fullmatch('(.+)_(min|max)', name)
    return bound if bound and bound[1] in images.c and isinstance(images.c[bound[1]].type, Number) else None


def is_property(name):
    """Whether a filter of that name looks for an extra property."""
    return name not in ('tag', 'tags', 'changes-since') and name not in images.c and not read_bound(name)


def has_property(name, value):
    return has(properties, properties.c.name == name, properties.c.value == value)


def has(part, *conditions):
    return images.c.id.in_(select(part.c.image_id).where(*conditions))


def equals(column, value):
    if value is None:
        return column.is_(None)
    if not isinstance(column.type, Number | Boolean | DateTime):
        return column == value
    first, last = span_of(column, value)
    return column == first if first == last else column.between(first, last)


def compared(column, operator, value):
    """What has no value, such as the size of an image without data, is neither less than anything nor more."""
    first, last = span_of(column, value)
    conditions = {
        'eq': column.between(first, last),
        'neq': or_(column < first, column > last),
        'gt': column > last,
        'gte': column >= first,
        'lt': column < first,
        'lte': column <= last,
    }
    return conditions[operator]


def span_of(column, value):
    """The first and the last value that text means: of a moment without microseconds, those of the whole second."""
    try:
        if isinstance(column.type, DateTime):
            moment = moment_of(value)
            return moment, moment.replace(microsecond=moment.microsecond or 999999)
        read = signed_number if isinstance(column.type, Number) else boolean
        return (read(str(value)),) * 2
    except ValueError:
        raise exception.InvalidParameterValue(f'{column.name}={value} is of the wrong type for this field.') from None


def within(column, end, value):
    try:
        number = signed_number(str(value))
    except ValueError:
        raise exception.InvalidFilterRangeValue(f'{column.name}_{end}={value} is not a whole number.') from None
    return column >= number if end == 'min' else column <= number


def boolean(text):
    if text.lower() not in PLAIN:
        raise ValueError
    return bool_from_string(text)


def since(value):
    try:
        return moment_of(value)
    except ValueError:
        raise exception.InvalidParameterValue(
            f'changes-since={value} is no moment: send 2014-10-16T12:00:00.'
        ) from None


def moment_of(value):
    """A naive UTC datetime."""
    return normalize_time(value) if isinstance(value, datetime) else parse_isotime(value)

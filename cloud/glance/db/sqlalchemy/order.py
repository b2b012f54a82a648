"""In which order the images of a list come, and which come after a marker.

An order is a list of (column, whether it descends). It ends with what breaks ties, the time and the id.
Use: by = read(['name'], ['asc']); select(images).order_by(*clauses(by)); for stretch in after(marker, by): ...
Real: glance 2014.2 glance/db/sqlalchemy/api.py _paginate_query; several directions as later releases have them
"""

from sqlalchemy import and_, true, tuple_

from cloud.glance.common import exception
from cloud.glance.db.sqlalchemy.models import images

KEYS = [column.name for column in images.c if column.name != 'visibility']  # that is but a part of it (models.py)


def read(sort_key, sort_dir):
    """The order. Both are text, or lists of equal length. What breaks ties goes the way of the last key.

    InvalidSortKey, or InvalidParameterValue for a direction.
    """
    keys, directions = (list(each) if isinstance(each, list | tuple) else [each] for each in (sort_key, sort_dir))
    for key, direction in zip(keys, directions, strict=True):
        if key not in KEYS:
            raise exception.InvalidSortKey(f'{key} is not a key to sort by: {", ".join(KEYS)} are.')
        if direction not in ('asc', 'desc'):
            raise exception.InvalidParameterValue(f'sort_dir={direction} is not one of asc, desc.')
    ways = {
        **dict.fromkeys(('created_at', 'id'), directions[-1]),
        **dict(zip(keys[::-1], directions[::-1], strict=True)),
    }
    names = list(dict.fromkeys([*keys, 'created_at', 'id']))
    return [(images.c[name], ways[name] == 'desc') for name in names[: names.index('id') + 1]]


def clauses(order):
    """What to ORDER BY: a missing value is less than any other, in every database."""
    return [clause(*each) for each in order]


def clause(column, descending):
    if descending:
        return column.desc().nulls_last() if column.nullable else column.desc()
    return column.asc().nulls_first() if column.nullable else column.asc()


def after(marker, order):
    """The conditions of the stretches, one after the other, that follow the marker (a row, None for everything).

    Comparing whole tuples lets the database jump to the place in its index: the last page costs what the first does.
    That needs columns that all go one way. Of others, the first is taken off: what has the marker's value there, as far
    as the rest of the order puts it behind, then what has another. NULL does not compare: it is a stretch of its own.
    """
    if marker is None:
        return [true()]
    (column, descending), rest = order[0], order[1:]
    value = marker[column.name]
    if value is None:
        same = [and_(column.is_(None), stretch) for stretch in after(marker, rest)]
        return same if descending else [*same, column.is_not(None)]
    if goes_one_way(order):
        found = [beyond(order, marker)]
    else:
        found = [and_(column == value, stretch) for stretch in after(marker, rest)]
        found.append(column < value if descending else column > value)
    return [*found, column.is_(None)] if descending and column.nullable else found


def goes_one_way(order):
    return len({descending for _, descending in order}) == 1 and not any(column.nullable for column, _ in order[1:])


def beyond(order, marker):
    columns = tuple_(*(column for column, _ in order))
    values = tuple_(*(marker[column.name] for column, _ in order))
    return columns < values if order[0][1] else columns > values

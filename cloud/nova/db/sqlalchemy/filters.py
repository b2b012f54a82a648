"""Which instances a list has, and in which order: filters by name become conditions, sort keys an order.

    {'vm_state': ['active', 'error'], 'name': '^web', 'tags-any': ['a', 'b'], 'changes-since': moment}

What a filter may be: a column, with a value or a list of values; one of the names in SPECIAL; `deleted` with None is
deleted or not. Without `deleted` there is nothing deleted.
Use: conditions_of(filters, 'sqlite'); order, behind = order_of(['display_name'], ['asc'], marker_row)
Real: nova 2014.2 nova/db/sqlalchemy/api.py instance_get_all_by_filters, _regex_instance_filter, _tag_instance_filter;
    nova/db/sqlalchemy/utils.py paginate_query
"""

import re

from sqlalchemy import and_, exists, false, func, or_, select, true

from cloud.nova import exception
from cloud.nova.db.sqlalchemy.models import instances

UNBOUNDED = re.compile(r'(?<!\\)[*+]|(?<!\\)\{')  # what may match any number of times
MOST_UNBOUNDED = 2  # each further one multiplies the time that a match may take by the length of the name


def conditions_of(filters, dialect):
    """A list of SQLAlchemy conditions; other names are ignored. InvalidInput for a name that may take for ever."""
    conditions = [] if 'deleted' in filters else [instances.c.deleted == false()]
    for name, value in filters.items():
        if name in SPECIAL:
            conditions.append(SPECIAL[name](value, dialect))
        elif name == 'deleted':
            conditions += [] if value is None else [instances.c.deleted == (true() if value else false())]
        elif name in instances.c:
            conditions.append(equals(instances.c[name], value))
    return conditions


def equals(column, value):
    if isinstance(value, list | tuple | set):
        plain = column.in_([each for each in value if each is not None])
        return or_(plain, column.is_(None)) if None in value else plain
    return column == value


def named(value, dialect):
    """By a regular expression, anywhere in the name; text that is none stands for itself."""
    return instances.c.display_name.regexp_match(safe_regexp(value))


def safe_regexp(text):
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return re.escape(text)
    if len(UNBOUNDED.findall(text)) > MOST_UNBOUNDED or re.search(r'\)[*+{?]', text):
        raise exception.InvalidInput(f'{text} may take for ever to match: use * and + at most twice, and not behind ).')
    return text


def flavored(value, dialect):
    return instances.c.flavor['flavorid'].as_string() == str(value)


def described(name):
    """Each entry that the filter names is there: {'key': 'value'}, or a list of such."""

    def condition(value, dialect):
        wanted = [pair for entry in (value if isinstance(value, list) else [value]) for pair in entry.items()]
        return and_(true(), *(instances.c[name][key].as_string() == text for key, text in wanted))

    return condition


def tagged(value, dialect):
    return and_(true(), *(has_tag(tag, dialect) for tag in value))


def tagged_any(value, dialect):
    return or_(false(), *(has_tag(tag, dialect) for tag in value))


def has_tag(tag, dialect):
    unfold = func.json_each if dialect == 'sqlite' else func.json_array_elements_text
    each = unfold(instances.c.tags).table_valued('value')
    return exists(select(1).select_from(each).where(each.c.value == tag))


SPECIAL = {
    'name': named,
    'display_name': named,
    'flavor': flavored,
    'metadata': described('metadata'),
    'system_metadata': described('system_metadata'),
    'tags': tagged,
    'tags-any': tagged_any,
    'not-tags': lambda value, dialect: ~tagged(value, dialect),
    'not-tags-any': lambda value, dialect: ~tagged_any(value, dialect),
    'changes-since': lambda value, dialect: instances.c.updated_at >= value,
    'changes-before': lambda value, dialect: instances.c.updated_at <= value,
    'ids': lambda value, dialect: instances.c.uuid.in_(value),
}


def order_of(sort_keys, sort_dirs, last, table=instances):
    """(expressions to order by, conditions for what comes behind the row `last`, a dict, or None for all).

    Without keys: the newest first. NULL comes first in ascending order. InvalidSortKey.
    """
    for key in sort_keys:
        if key not in table.c:
            raise exception.InvalidSortKey(key=key)
    downs = [direction == 'desc' for direction in sort_dirs]
    downs += [downs[-1] if downs else True] * (len(sort_keys) + 1 - len(downs))
    keys = [(table.c[key], down) for key, down in zip([*sort_keys, 'id'], downs)]
    order = []
    for column, down in keys:
        if column.nullable:
            order.append(column.is_not(None).desc() if down else column.is_not(None))
        order.append(column.desc() if down else column.asc())
    return order, [] if last is None else [comes_behind(keys, last)]


def comes_behind(keys, last):
    """(a > A) or (a = A and b > B) or ..., with NULL below everything."""
    either, same = [], []
    for column, down in keys:
        value = last[column.name]
        either.append(and_(*same, beyond(column, value, down)))
        same.append(column.is_(None) if value is None else column == value)
    return or_(*either)


def beyond(column, value, down):
    if value is None:
        return false() if down else column.is_not(None)
    if not down:
        return column > value
    return or_(column < value, column.is_(None)) if column.nullable else column < value

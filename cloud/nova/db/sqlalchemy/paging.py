"""A page of a table, in any order, behind its last row: by comparing with that row, never by counting rows off.

Use: connection.execute(page(flavors, conditions, ['name'], ['asc'], last, limit=10))
Real: nova 2014.2 nova/db/sqlalchemy/utils.py and oslo.db 1.0 oslo/db/sqlalchemy/utils.py paginate_query, whose
    comparison with NULL a database answers with neither yes nor no, so that such rows are lost; here NULL is the least
"""

from sqlalchemy import and_, false, or_, select


def page(table, conditions, sort_keys, sort_dirs, last, limit):
    """A SELECT. last: the row (dict) that the page comes after, or None; limit: rows, or None for all.

    The id is the last key, so that no two rows are equal.
    """
    keys, directions = list(sort_keys), list(sort_dirs)
    if 'id' not in keys:
        keys, directions = [*keys, 'id'], [*directions, directions[-1] if directions else 'asc']
    columns = [table.c[key] for key in keys]
    query = select(table).where(*conditions)
    if last is not None:
        query = query.where(behind(columns, directions, [last[key] for key in keys]))
    order = [term for column, direction in zip(columns, directions) for term in terms(column, direction)]
    return query.order_by(*order).limit(limit)


def terms(column, direction):
    """What ORDER BY needs, NULL being the least on every database."""
    if not column.nullable:
        return [column.asc() if direction == 'asc' else column.desc()]
    is_null = column.is_(None)
    return [is_null.desc(), column.asc()] if direction == 'asc' else [is_null.asc(), column.desc()]


def behind(columns, directions, values):
    """The condition for rows that come after the one with these values."""
    alternatives = []
    for position, (column, direction, value) in enumerate(zip(columns, directions, values)):
        equal = [same(*pair) for pair in zip(columns[:position], values[:position])]
        alternatives.append(and_(*equal, later(column, direction, value)))
    return or_(*alternatives)


def same(column, value):
    return column.is_(None) if value is None else column == value


def later(column, direction, value):
    if direction == 'asc':
        return column.is_not(None) if value is None else column > value
    if value is None:
        return false()
    return or_(column < value, column.is_(None)) if column.nullable else column < value

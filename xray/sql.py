"""The SQL of a request: SQLAlchemy says when a statement goes to the database, and when it is back.

Use: install(), once; for a service without SQLAlchemy it does nothing
Real: osprofiler osprofiler/sqlalchemy.py add_tracing, which listens to the same two events
"""

import contextlib
import re
import sys
import time

from xray.masking import MASK, is_secret
from xray.recorder import note
from xray.safe import brief

MOST_STATEMENT = 2000  # characters
TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE|TABLE)\s+(?:IF NOT EXISTS\s+)?["`]?(\w+)', re.IGNORECASE)
installed = []


def install():
    if installed or 'sqlalchemy' not in sys.modules:
        return
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    installed.append(True)
    event.listen(Engine, 'before_cursor_execute', before)
    event.listen(Engine, 'after_cursor_execute', after)
    event.listen(Engine, 'handle_error', failed)
    for name in ('commit', 'rollback'):
        event.listen(Engine, name, at_the_end(name.upper()))


def before(connection, cursor, statement, parameters, context, many):
    step = note('sql', label_of(statement))
    if step is not None:
        step.sql = {'statement': statement[:MOST_STATEMENT], 'parameters': shown(parameters, context), 'rows': None}
        with contextlib.suppress(AttributeError):  # None, for what has no context
            context.xray_step = step


def after(connection, cursor, statement, parameters, context, many):
    step = getattr(context, 'xray_step', None)
    if step is not None:
        step.end = time.perf_counter_ns()
        step.sql['rows'] = cursor.rowcount if cursor.rowcount >= 0 else None


def failed(problem):
    step = getattr(problem.execution_context, 'xray_step', None)
    if step is not None and step.end is None:
        error = problem.original_exception
        step.end, step.error = time.perf_counter_ns(), {'type': type(error).__name__, 'message': brief(str(error))}


def at_the_end(name):
    def ended(connection):
        step = note('sql', name)
        if step is not None:
            step.sql, step.end = {'statement': name, 'parameters': '', 'rows': None}, step.start

    return ended


def label_of(statement):
    """'SELECT images': the kind of a statement, and its table."""
    words = statement.split(None, 1)
    table = TABLE.search(statement)
    kind = (words or [''])[0].upper()
    return f'{kind} {table[1]}' if table else ' '.join(statement.split())[:40]


def shown(parameters, context):
    """The parameters by their names, as far as there are any."""
    named = getattr(context, 'compiled_parameters', None)
    if named:
        return brief(
            [{name: MASK if is_secret(name.rstrip('_0123456789')) else row[name] for name in row} for row in named[:8]],
            3,
        )
    return brief(parameters) if parameters else ''

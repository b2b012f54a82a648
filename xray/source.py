"""Lines of a file, for the page: only code of the project, or a student's that was recorded here.

Use: lines_around('auth.py', 42)  ->  {"file", "first", "line", "lines"}; LookupError for anything else
Real: none
"""

import os

from xray.landmarks import FILES, ROOT, is_library, shown_path

AROUND = 12
CLOSED = ('data', 'build', 'wheels')  # folders of the checkout with no code to show


def lines_around(file, line):
    path = path_of(file)
    with open(path, encoding='utf-8', errors='replace') as source:
        lines = source.read().splitlines()
    line = min(max(1, line), max(1, len(lines)))
    first = max(1, line - AROUND)
    return {'file': file, 'first': first, 'line': line, 'lines': lines[first - 1 : line + AROUND]}


def path_of(file):
    """The path of the file that a step names; LookupError if it is none to be shown."""
    if file in FILES and not is_library(FILES[file]):  # a student's, beside an ini
        return FILES[file]
    path = os.path.realpath(os.path.join(ROOT, file))
    inside = shown_path(path)
    parts = inside.split(os.sep)
    is_inside = path.startswith(os.path.realpath(ROOT) + os.sep) and path.endswith('.py') and os.path.isfile(path)
    is_closed = parts[0] in CLOSED or any(part.startswith('.') or part == 'site-packages' for part in parts)
    if is_inside and not is_closed:
        return path
    raise LookupError(f'{file} is no file of the project: ask for one that a step names.')

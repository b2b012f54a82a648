"""An error in a student's file as one sentence: which file, which line, what happened.

Use: explain(error, folder, ini='configure.ini')
"""

import os
import traceback
from configparser import InterpolationError

from cloud.oslo.log.formatters import printable


def explain(error, folder, ini=''):
    """error: what was raised; folder: where the student's files are; ini: the file that was being loaded, if any."""
    if isinstance(error, SyntaxError) and error.filename:
        return f'{os.path.basename(error.filename)}, line {error.lineno}: Python cannot read this ({error.msg}).'
    what = describe(error)
    for place in (folder, os.path.dirname(ini)):  # the student knows where the files are
        what = what.replace(f'{place}{os.sep}', '') if place else what
    line = line_in(error, folder)
    if line:
        return f'{line}: {what}'
    return f'{os.path.basename(ini)}: {what}' if ini else what


def describe(error):
    text = ' '.join(str(error).split())
    if isinstance(error, InterpolationError):
        return 'a percent sign is written twice in an ini: write %% for each %.'
    if isinstance(error, SystemExit):
        return 'the program ended here (sys.exit or exit): let it go on.'
    if type(error) is ModuleNotFoundError:  # and not the one about a package that an egg: names
        return f'{text}: is its name written as the file is called?'
    if isinstance(error, MemoryError):
        return 'this takes more memory than your code may use here: is there a list, or a text, that grows for ever?'
    # WebOb takes what start_response would have left.
    if isinstance(error, IndexError) and traceback.extract_tb(error.__traceback__)[-1].name == 'call_application':
        return 'start_response was not called: call it, or hand it on, before you return.'
    end = '' if text.endswith(('.', '?', '!')) else '.'
    return f'{type(error).__name__}: {text}{end}' if text else f'{type(error).__name__}.'


def of_the_system(error):
    """An OSError as one sentence: which file, what the system says."""
    where = error.filename2 or error.filename
    return f'{where}: {error.strerror}.' if where and error.strerror else str(error)


def one_line(text):
    """The text without what would command a terminal, and not endless, whatever a student's code wrote into it."""
    text = ' '.join(text[:5000].split())
    text = printable(text)
    return text if len(text) <= 1000 else text[:1000] + ' ...'


def line_in(error, folder):
    """'filter.py, line 12' for the innermost line of the traceback that is in one of the folder's files, or None."""
    root = os.path.realpath(folder) + os.sep
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if os.path.realpath(frame.filename).startswith(root):
            return f'{os.path.basename(frame.filename)}, line {frame.lineno}'
    return None


def is_students(error, folder):
    """Whether a file of the student's is where it went wrong, or on the way there."""
    if isinstance(error, SyntaxError) and error.filename:
        return os.path.realpath(error.filename).startswith(os.path.realpath(folder) + os.sep)
    return line_in(error, folder) is not None

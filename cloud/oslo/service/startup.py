"""One clear line for whoever starts a server, and each line when it is printed.

Use: sys.exit(f'server.py: {explain(error, ini)}'); parser.add_argument('--port', type=port_number);
     warn_of_unread(global_config), when the application is made
Real: none; nova 2014.2 nova/cmd/api.py lets the traceback through
"""

import argparse
import logging
import os
import sys
import traceback

from cloud.oslo.config import cfg
from cloud.oslo.utils.strutils import is_whole_number, whole_number

LOG = logging.getLogger(__name__)
OSLO = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OURS = (OSLO + os.sep, os.path.join(os.path.dirname(os.path.dirname(OSLO)), 'server.py'))


def explain(error, config):
    """What went wrong, in one line. What was raised on purpose says it all; else its kind, and where."""
    text = ' '.join(str(error).split())
    frames = traceback.extract_tb(error.__traceback__)
    if frames[-1].line.startswith('raise '):
        return text
    passed_on = (sys.prefix + os.sep, sys.base_prefix + os.sep, '<', *OURS)
    places = [frame for frame in frames if not frame.filename.startswith(passed_on)]
    where = f'{os.path.relpath(places[-1].filename)}, line {places[-1].lineno}; ' if places else ''
    return f'{config}: {type(error).__name__}: {text} ({where}-v shows the way there)'


def warn_of_unread(global_config):
    """A line for each option that no service reads, since its name is misspelt, say. Such an option does nothing."""
    ini = os.path.basename(global_config.get('__file__', 'the ini'))
    for name, like in cfg.unread(global_config):
        LOG.warning('%s: no service reads %s%s', ini, name, f'; did you mean {like}?' if like else '')


def write_lines_at_once():
    """Whoever reads stdout through a pipe gets each line when it is printed, as in a terminal."""
    if sys.stdout:  # None if it was closed
        sys.stdout.reconfigure(line_buffering=True)


def port_number(text):
    """The port that the text stands for; ArgumentTypeError, a line for the user, if it stands for none."""
    if not (is_whole_number(text) and whole_number(text) <= 65535):
        raise argparse.ArgumentTypeError(f'{text} is not a port: give a number from 0 to 65535')
    return int(text)

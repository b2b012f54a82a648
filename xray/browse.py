"""The walk of a request on the whole screen of a terminal: up and down scroll, left and right go to other requests.

Use: browse(store, 'req-...')  returns when q is pressed
Real: none
"""

import contextlib
import os
import select
import sys

from xray import story, terminal

KEYS = {
    '\x1b[A': 'up', '\x1b[B': 'down', '\x1b[C': 'later', '\x1b[D': 'earlier', '\x1b[5~': 'page up',
    '\x1b[6~': 'page down', '\x1bOA': 'up', '\x1bOB': 'down', '\x1bOC': 'later', '\x1bOD': 'earlier', '\x1b[H': 'top',
    '\x1b[F': 'end', 'k': 'up', 'j': 'down', 'h': 'earlier', 'l': 'later', ' ': 'page down', 'b': 'page up', 'g': 'top',
    'G': 'end', 'a': 'all', 'q': 'quit', 'x': 'quit', '\x1b': 'quit', '\x03': 'quit', '\x04': 'quit', '': 'quit',
}  # fmt: skip
HELP = 'up/down scroll   left/right earlier/later request   a all calls   q back'


class View:
    """What is on the screen: the request at `place` of the list (0 is the newest), from its line `top` on."""

    def __init__(self, store, request_id):
        self.store = store
        self.ids = [summary['id'] for summary in store.summaries()]
        self.place = self.ids.index(request_id) if request_id in self.ids else 0
        self.top, self.everything = 0, False
        self.load()

    def load(self):
        document = story.tell(self.store, self.ids[self.place]) if self.ids else None
        if document is None:
            self.lines = ['There is no recorded request yet.']
        else:
            self.lines = list(terminal.walk(document, self.everything, colour=True))

    def press(self, key, height):
        """Do what the key says; False for the end."""
        page = max(1, height - 2)
        moves = {
            'up': -1,
            'down': 1,
            'page up': -page,
            'page down': page,
            'top': -len(self.lines),
            'end': len(self.lines),
        }
        if key in moves:
            self.top += moves[key]
        elif key in ('earlier', 'later'):
            place = self.place + (1 if key == 'earlier' else -1)
            if 0 <= place < len(self.ids):
                self.place, self.top = place, 0
                self.load()
        elif key == 'all':
            self.everything, self.top = not self.everything, 0
            self.load()
        self.top = max(0, min(self.top, len(self.lines) - page))
        return key != 'quit'

    def shown(self, width, height):
        page = max(1, height - 2)
        body = [cut(line, width) for line in self.lines[self.top : self.top + page]]
        where = f'request {self.place + 1} of {len(self.ids)}   line {self.top + 1} of {len(self.lines)}   {HELP}'
        return [*body, *[''] * (page - len(body)), f'\033[7m{where[:width]:<{width}}\033[0m']


def cut(line, width):
    """The line with its colours, no wider than the screen."""
    shown, count, place = [], 0, 0
    while place < len(line) and count < width:
        if line[place] == '\033':
            end = line.index('m', place) + 1
            shown.append(line[place:end])
            place = end
        else:
            shown.append(line[place])
            place, count = place + 1, count + 1
    return ''.join(shown) + '\033[0m'


def browse(store, request_id):
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        sys.exit('xray: browse needs a terminal: python -m xray show ID prints the same')
    view = View(store, request_id)
    with raw_terminal():
        going = True
        while going:
            size = os.get_terminal_size(1)
            text = '\r\n'.join(view.shown(size.columns, size.lines))
            os.write(1, f'\033[H\033[2J{text}'.encode())
            going = view.press(KEYS.get(read_key()), size.lines)


@contextlib.contextmanager
def raw_terminal():
    """Single keys, and another screen than the one that was there."""
    import termios
    import tty

    before = termios.tcgetattr(0)
    try:
        tty.setraw(0)
        os.write(1, b'\033[?1049h\033[?25l')
        yield
    finally:
        os.write(1, b'\033[?25h\033[?1049l')
        termios.tcsetattr(0, termios.TCSADRAIN, before)


def read_key():
    """One key, as the characters that the terminal sends for it."""
    key = os.read(0, 1).decode('utf-8', 'replace')
    while key == '\x1b' or is_half(key):
        if not select.select([0], [], [], 0.05)[0]:
            break
        key += os.read(0, 1).decode('utf-8', 'replace')
    return key


def is_half(key):
    return len(key) > 1 and key not in KEYS and any(each.startswith(key) for each in KEYS)

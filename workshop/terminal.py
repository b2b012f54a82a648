"""The student's terminal: keys come in, rows go out, and afterwards it is as it was.

Use: with keys(pressed), Screen(console) as screen: screen.draw(rows)
What prompt_toolkit reads as one key reaches pressed(key) as its name: 'n', 'up', 'escape', 'enter', 'paste', 'closed'.
"""

import asyncio
import contextlib
import os

from prompt_toolkit.input import create_input
from prompt_toolkit.keys import Keys
from rich.control import Control
from rich.segment import ControlType, Segments

from workshop.screen import flows

NAMES = {
    Keys.Enter: 'enter',
    Keys.ControlJ: 'enter',
    Keys.Escape: 'escape',
    Keys.Backspace: 'backspace',
    Keys.ControlC: 'q',
    Keys.ControlD: 'q',
    Keys.BracketedPaste: 'paste',
}
ESCAPE_WAITS = 0.1  # seconds: the sequences of arrow keys begin with an Escape, too
PASTE_ON, PASTE_OFF = '\x1b[?2004h', '\x1b[?2004l'


@contextlib.contextmanager
def keys(pressed):
    """While the `with` lasts, the terminal is raw and each key is given to pressed, in the running event loop."""
    keyboard, loop = create_input(), asyncio.get_running_loop()
    waiting = None

    def read():
        nonlocal waiting
        if waiting:
            waiting.cancel()
        hand_on(keyboard.read_keys())
        if keyboard.closed:
            pressed('closed')
        waiting = loop.call_later(ESCAPE_WAITS, lambda: hand_on(keyboard.flush_keys()))

    def hand_on(presses):
        for press in presses:
            pressed(NAMES.get(press.key, str(getattr(press.key, 'value', press.key))))

    with keyboard.raw_mode(), keyboard.attach(read):
        yield
        if waiting:
            waiting.cancel()


class Screen:
    """Draws rows over the whole terminal; only those that have changed are written, so nothing flickers."""

    def __init__(self, console):
        self.console, self.shown = console, None

    def __enter__(self):
        self.console.set_alt_screen(True)
        self.console.show_cursor(False)
        self.write(PASTE_ON)
        return self

    def __exit__(self, *error):
        with contextlib.suppress(OSError):  # it may have been closed
            self.write(PASTE_OFF)
            self.console.show_cursor(True)
            self.console.set_alt_screen(False)

    def write(self, code):
        if not self.console.is_dumb_terminal:
            self.console.file.write(code)
            self.console.file.flush()

    def measure(self):
        """Take over the terminal's size."""
        size = os.get_terminal_size(self.console.file.fileno())
        self.console.size = (size.columns or 80, size.lines or 24)

    def forget(self):
        """What was drawn is no more: the terminal has another size now."""
        self.shown = None

    def draw(self, rows):
        segments = []
        if self.shown is None or len(rows) != len(self.shown):
            segments.append(Control(ControlType.CLEAR).segment)
            self.shown = [[]] * len(rows)
        for first, last in lines(rows):
            if rows[first:last] != self.shown[first:last]:
                # All of the line's rows are empty before it is written: it goes from one to the next by itself.
                segments += [place(y) for y in range(first, last)] + [place(first)]
                segments += [segment for row in rows[first:last] for segment in row]
        self.shown = rows
        self.console.print(Segments(segments), end='', crop=False, soft_wrap=True)


def place(y):
    """To the start of that row, and nothing is in it any more."""
    return Control((ControlType.CURSOR_MOVE_TO, 0, y), (ControlType.ERASE_IN_LINE, 2)).segment


def lines(rows):
    """(first, last + 1) of the rows of each line."""
    first = 0
    for y, row in enumerate(rows):
        if not flows(row):
            yield first, y + 1
            first = y + 1
    if first < len(rows):
        yield first, len(rows)

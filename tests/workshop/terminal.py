"""A student at a terminal, for the tests: a real one, as far as programs can tell, whose screen is text here.

Use: with Terminal('-m', 'workshop', 'learn') as terminal:
         terminal.wait_for('Not yet')
         terminal.press('h')
"""

import contextlib
import os
import re
import signal
import sys
import termios
import time

import pexpect
import pyte

from tests.servers import ROOT
from tests.waiting import wait_until

PATIENCE = 60  # seconds: the machine may have other things to do
KEYS = {
    'up': '\x1b[A',
    'down': '\x1b[B',
    'home': '\x1b[H',
    'end': '\x1b[F',
    'escape': '\x1b',
    'enter': '\r',
    'ctrl-c': '\x03',
    'backspace': '\x7f',
}


class Terminal:
    """Runs Python with arguments. width, height: columns and lines; environ: on top of ours; raw: all that it wrote."""

    def __init__(self, *arguments, width=80, height=24, environ=None):
        ours = {name: value for name, value in os.environ.items() if name not in ('NO_COLOR', 'COLUMNS', 'LINES')}
        self.process = pexpect.spawn(
            sys.executable,
            list(arguments),
            cwd=ROOT,
            env={**ours, 'TERM': 'xterm-256color', **(environ or {})},
            dimensions=(height, width),
            timeout=PATIENCE,
            use_poll=True,  # select() takes no file descriptor above 1023
        )
        self.process.delaybeforesend = None
        self.screen = pyte.Screen(width, height)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b''

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.close(force=True)

    def press(self, *keys):
        for key in keys:
            self.process.send(KEYS.get(key, key))

    def resize(self, width, height):
        self.screen.resize(height, width)
        self.process.setwinsize(height, width)

    def read(self, seconds=0.2):
        """Take in what has been written, for at most so long; whether there is more to come."""
        try:
            data = self.process.read_nonblocking(65536, seconds)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += data
        self.stream.feed(data)
        return True

    def text(self):
        return '\n'.join(line.rstrip() for line in self.screen.display).strip('\n')

    def words(self):
        """The text in one line, wherever the terminal's width broke it."""
        return ' '.join(self.text().split())

    def wait_for(self, text, gone=False):
        """Until the words are on the screen (or no longer are); they are compared without regard to line breaks."""
        until = time.monotonic() + PATIENCE
        while (text in self.words()) == gone:
            going_on = self.read()
            assert (text in self.words()) != gone or (going_on and time.monotonic() < until), (
                f'{text!r} is {"still" if gone else "not"} on the screen:\n{self.text()}'
            )
        return self.words()

    def address(self, service='ground floor'):
        """Of a service of the live cloud, once it is on the screen."""
        self.wait_for(f'{service}: http://')
        return re.search(rf'{service}: (http://\S+)', self.words())[1]

    def wait(self):
        """The exit status, or minus the signal's number; all of its output has been read."""
        until = time.monotonic() + PATIENCE
        while self.read():
            assert time.monotonic() < until, f'it does not end:\n{self.text()}'
        assert wait_until(lambda: not self.process.isalive(), PATIENCE), f'it does not end:\n{self.text()}'
        status = self.process.exitstatus
        return -self.process.signalstatus if status is None else status

    def echoes(self):
        """Whether the terminal shows again what is typed, as it did before."""
        return bool(termios.tcgetattr(self.process.child_fd)[3] & termios.ECHO)

    def hang_up(self):
        """Close the terminal, as the window's cross does."""
        self.process.ptyproc.fileobj.close()

    def kill(self, signum=signal.SIGTERM):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, signum)

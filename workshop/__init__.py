"""The workshop: exercises that check themselves, and chapters whose commands are run by the tests.

This folder need not be read to follow a request.
make learn     python -m workshop learn    the next exercise, in a terminal
make grade     python -m workshop grade    one line an exercise, and the score
               python -m workshop reset NAME

A student's files are in workshop/work/, which git ignores; the exercises as shipped are in workshop/exercises/.
"""

import signal


def heed_signals():
    """Ctrl-C and a hang-up mean what they do, to this process and what it starts: a background job ignores them."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

"""Type what a console block says, and compare each output with the one that it shows.

Use: `for output in run(shell, ids, block)`. A use that changes `ids` between two outputs changes how the next compares.
"""

import re
from typing import NamedTuple

from tests.console.compare import tidy
from tests.console.shell import SERVES


class Output(NamedTuple):
    """What a command printed, or a server until a Ctrl-C, beside what the block shows of it.

    command: None where a block goes on with a server's terminal. first: which of the block's lines it begins with,
    from 0. lines: what the block shows.
    """

    command: str
    first: int
    lines: list
    printed: str
    fits: bool

    @property
    def shown(self):
        return '\n'.join(self.lines)


class Session(NamedTuple):
    """One `$ ` of a block; the command is None for what comes before the first."""

    command: str
    first: int
    lines: list

    def parts(self):
        """(first line, lines) of the output up to the first `^C`, and from each `^C` to the next."""
        ends = [number for number, line in enumerate(self.lines) if line == '^C']
        for start, end in zip([0, *(end + 1 for end in ends)], [*ends, len(self.lines)]):
            yield self.first + start, self.lines[start:end]


def run(shell, ids, block):
    """Do what the block says, and yield an Output for each `$ ` and each Ctrl-C in it."""
    for session in sessions(block):
        if session.command is None or SERVES.search(session.command):
            yield from watch(shell, ids, session)
        else:
            printed = shell.run(session.command)
            yield Output(*session, printed, ids.match('\n'.join(session.lines), printed))


def watch(shell, ids, session):
    """The outputs of a server's terminal: what it shows now, and after each Ctrl-C."""
    terminal = shell.terminals[-1] if session.command is None else shell.serve(session.command)
    if session.command is not None:
        terminal.shown = 0
    (first, lines), *after = session.parts()
    if not after or tidy('\n'.join(lines)):
        yield Output(session.command, first, lines, *terminal.show(ids, '\n'.join(lines)))
    for first, lines in after:
        terminal.interrupt()
        yield Output(session.command, first, lines, *terminal.show(ids, '\n'.join(lines)))


def sessions(block):
    """The Sessions of a block, in their order."""
    command, first, shown = None, 0, []
    for number, line in enumerate(block.splitlines()):
        if line.startswith('$ '):
            if command is not None or shown:
                yield Session(command, first, shown)
            command, first, shown = line[2:], number + 1, []
        elif not shown and command is not None and (line == '>' or line.startswith('> ')):
            command, first = f'{command}\n{line[2:]}', number + 1
        else:
            shown.append(line)
    yield Session(command, first, shown)


def report(ids, output):
    """What is wrong with an output that does not fit."""
    return (
        f'$ {output.command}\nthe document says:\n{tidy(output.shown)}\n'
        f'it printed:\n{ids.as_written(tidy(output.printed))}'
    )


def saved(block):
    """The name of the file that the reader is told to save, or None."""
    named = re.match(r'[#;] ([\w./-]+\.(?:py|ini|yaml))\n', block)
    return named and named[1]

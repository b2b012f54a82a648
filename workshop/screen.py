"""What the student sees: from a State to the rows of a screen, which rich lays out.

    how far you are                                  always in sight
    task, address, last requests, hints, solution    scrolls, where the screen is too small for it
    what is still wrong, the keys                    always in sight

Use: rows, state.scroll = frame(console, state)
"""

import dataclasses
import os
from itertools import zip_longest

from rich.console import Group
from rich.markdown import CodeBlock, Markdown, Paragraph
from rich.segment import Segment
from rich.syntax import Syntax
from rich.text import Text
from rich.theme import Theme

from cloud.oslo.log.formatters import printable

THEME = Theme(
    {
        'markdown.code': 'bold cyan',
        'done': 'bold green',
        'wrong': 'bold yellow',
        'trouble': 'bold red',
        'heading': 'bold',
    }
)
WIDEST = 100  # columns of a line that is easy to read
KEYS = {
    'task': (
        ('n', 'next'),
        ('h', 'hint'),
        ('l', 'list'),
        ('r', 'run again'),
        ('s', 'solution'),
        ('w', 'why'),
        ('q', 'quit'),
    ),
    'list': (('number, Enter', 'open'), ('up, down', 'move'), ('Esc', 'back'), ('q', 'quit')),
    'closing': (('l', 'list'), ('q', 'quit')),
}
FULL_NAMES = {'ground': 'ground floor'}
# What a key is answered as long as the exercise is not done, and what is no longer so when it is.
NOT_DONE = 'n goes on once this exercise is done. h gives a hint, l lets you choose another exercise.'
STILL_CHECKING = 'One moment: the check is still under way. n goes on once this exercise is done.'
WHY_LATER = 'w says why, once this exercise is done.'
TRY_FIRST = 'Try it first: h gives a hint. If you want the solution now, press s again.'
UNTIL_DONE = (NOT_DONE, STILL_CHECKING, TRY_FIRST, WHY_LATER)
CLOSING = """All {total} exercises are done. You have sent requests through every door of this cloud, and built
filters, layers and a handler of your own into it.

- `make grade` checks all of it once more and prints your score.
- The last chapter, in `workshop/walkthrough/`, leads from here to the real OpenStack.
- The files that you wrote are yours: they stay in `{folder}`.
"""


@dataclasses.dataclass
class State:
    """All that is drawn."""

    exercises: list  # of workshop.exercise.Exercise
    exercise: object  # the open one of them
    passed: set  # of names
    folder: str  # of the student's files, as they would type it
    home: str  # of all exercises' files
    reset: str  # the command that lays the exercise out anew
    view: str = 'task'  # or 'list', 'closing'
    task: str = ''  # Markdown, as are hints and solution
    hints: list = dataclasses.field(default_factory=list)  # those asked for
    solution: str = ''
    why: str = ''
    addresses: dict = dataclasses.field(default_factory=dict)  # service: URL, '' if it does not run
    logs: list = dataclasses.field(default_factory=list)  # their paths
    exchanges: list = dataclasses.field(default_factory=list)  # workshop.journal.Exchange, the last few
    times: list = dataclasses.field(default_factory=list)  # how often in a row each of them came
    dead: list = dataclasses.field(default_factory=list)  # services that have ended
    message: str = ''  # what the check says
    done: bool = False  # whether the check has passed on what is there now
    busy: str = ''
    notice: str = ''  # an answer to the last key
    scroll: int = 0  # rows of the body above the screen
    show: object = ''  # the name of the part of the body to bring into sight
    chosen: int = 0  # index, in the list
    typed: str = ''  # digits, in the list

    @property
    def may_go_on(self):
        return self.done or self.exercise.name in self.passed


class Code(CodeBlock):
    """A block of code in the terminal's own colours, without blank lines around it.

    A line that is too long for the terminal is not broken at a word: its rows are marked, and terminal.Screen has
    them flow into each other. So it is copied as the one line that it is.
    """

    def __rich_console__(self, console, options):
        code = Syntax('', self.lexer_name, theme='ansi_dark').highlight(str(self.text).rstrip())
        lines, width = code.split(), options.max_width
        indent = '' if any(line.cell_len > width - 2 for line in lines) else '  '
        for line in lines:
            pieces = line.divide(range(width, len(line), width))
            for piece in pieces[:-1]:
                piece.apply_meta({'flows': width == console.width})
            yield from (Text.assemble(indent, piece, no_wrap=True) for piece in pieces)


class Prose(Paragraph):
    """A paragraph in lines that are not too long to read."""

    def __rich_console__(self, console, options):
        yield from console.render(self.text, options.update(width=min(options.max_width, WIDEST)))


class Page(Markdown):
    elements = {**Markdown.elements, 'fence': Code, 'code_block': Code, 'paragraph_open': Prose}


def frame(console, state):
    """(rows, scroll): as many rows as console.height, each a list of rich's segments; how far the body is scrolled."""
    width, height = console.size
    keys = render(console, key_lines(state, width))
    status = cut(render(console, status_text(state)), max(2, height // 3), width) if state.view == 'task' else []
    notice = cut(render(console, Text(state.notice, 'italic')), 3, width) if state.notice else []
    head = render(console, progress(state, width))
    if state.view == 'task' and height > 10:  # wherever the task is scrolled to
        head += cut(render(console, title(state)), 1, width)
    if height > 18:  # room to breathe
        head, keys = [*head, []], [[], *keys]
        status = [[], *status] if status else []
    if height < 10:
        head = []
    foot = ([*status, *notice, *keys])[-max(height - 3, 1) :]
    room = max(height - len(head) - len(foot), 0)
    body, scroll = scrolled(console, state, room, 2 if height < 30 else len(state.exchanges))
    return [*head, *body[:room], *foot, *([[]] * (room - len(body)))], scroll


def scrolled(console, state, room, last):
    """The rows of the body that fit into the room, and how many are above them. last: how many requests to show."""
    rows, places = [], {}
    state = dataclasses.replace(state, exchanges=state.exchanges[-last:], times=state.times[-last:])
    for name, part in PARTS[state.view](state):
        start = len(rows)
        rows += render(console, part)
        places[name] = start, len(rows)
    if len(rows) <= room:
        return rows, 0
    room = max(room - 1, 1)
    scroll = min(state.scroll, len(rows) - room)
    if state.show in places:  # no further than it takes to see it whole, but its start first of all
        start, end = places[state.show]
        scroll = min(max(scroll, end - room), start)
    below = len(rows) - room - scroll
    more = '-- more below: arrow down --' if below else '-- the end: arrow up goes back, Home to the beginning --'
    return [*rows[scroll : scroll + room], *render(console, Text(more, 'dim', no_wrap=True))], scroll


def as_text(console, state):
    """All of it, for a terminal that can only write line after line."""
    body = [part for _, part in PARTS[state.view](state)]
    parts = [
        progress(state, console.width),
        title(state) if state.view == 'task' else '',
        *body,
        status_text(state),
        Text(state.notice),
        key_lines(state, console.width),
    ]
    rows = render(console, Group(*parts))
    return ''.join(''.join(segment.text for segment in row) + ('' if flows(row) else '\n') for row in rows)


def render(console, part):
    """The part's rows. No spaces at their ends: they would be copied along."""
    return [trimmed(row) for row in console.render_lines(part, pad=False)]


def flows(row):
    """Whether the next row belongs to the same line: see Code."""
    return bool(row and row[-1].style and row[-1].style.meta.get('flows'))


def trimmed(row):
    row = [segment for segment in row if not segment.control]
    while row and not row[-1].text.strip() and not flows(row):
        row.pop()
    if row and not flows(row):
        row[-1] = Segment(row[-1].text.rstrip(), row[-1].style)
    return row


def cut(rows, count, width):
    """The first so many rows; three dots say that there were more."""
    if len(rows) <= count:
        return rows
    dots = Segment(' ...'[:width])
    return [*rows[: count - 1], [*Segment.adjust_line_length(rows[count - 1], width - len(dots.text), pad=False), dots]]


def progress(state, width):
    done = len(state.passed & {each.name for each in state.exercises})
    total = len(state.exercises)
    after = f' {done}/{total}' + (f'  {state.busy} ...' if state.busy else '')
    room = max(min(50, width - len('[]') - len(f' {total}/{total}  starting the cloud ...')), 4)
    filled = room * done // total
    return Text.assemble('[', ('#' * filled, 'done'), '-' * (room - filled), ']', after, no_wrap=True, overflow='crop')


def key_lines(state, width):
    """The keys and their names, as many in a line as fit into the width."""
    lines = Text()
    for key, what in KEYS[state.view]:
        if lines:
            fits = len(lines.plain.rpartition('\n')[2]) + len(f'  {key} {what}') <= width
            lines.append('  ' if fits else '\n')
        lines.append(key, 'done' if key == 'n' and state.may_go_on else 'bold').append(f' {what}')
    return lines


def status_text(state):
    unasked = [FULL_NAMES.get(name, name) for name in state.dead if name not in state.exercise.may_stop]
    if unasked:
        return Text(f'{" and ".join(unasked)} has ended by itself: r starts it again.', 'trouble')
    if state.done:
        left = [each for each in state.exercises if each.name not in state.passed]
        after = 'n goes on to the next exercise.' if left else 'So are all the others: n goes to the end.'
        after = after if state.why else f'w says why. {after}'
        return Text.assemble(('Done. ', 'done'), after)
    if not state.message:
        return Text('One moment ...', 'dim')
    before = ' (It was done before, so n goes on.)' if state.may_go_on else ''
    return Text.assemble(('Not yet: ', 'wrong'), shown(state.message), (before, 'dim'))


def title(state):
    return Text(f'{state.exercise.number}. {state.exercise.title}', 'heading', no_wrap=True, overflow='ellipsis')


def task_parts(state):
    yield 'page', Page(state.task)
    yield 'places', places(state)
    if state.exchanges:
        yield 'requests', requests(state)
    for number, hint in enumerate(state.hints, 1):
        yield f'hint {number}', Group(Text(f'\nHint {number}', 'heading'), Page(hint))
    if state.solution:
        yield 'solution', Group(Text('\nSolution', 'heading'), Page(state.solution))
    if state.why:
        yield 'why', Group(Text('\nWhy', 'heading'), Page(state.why))


def places(state):
    lines = Text('\n').append('Your files: ', 'dim').append(state.folder)
    for service, url in state.addresses.items():
        lines.append(f'\n{FULL_NAMES.get(service, service)}: ', 'dim').append(url or 'does not run')
        if service in state.dead:
            lines.append(' has ended; r starts it again', 'wrong')
    if state.logs:
        lines.append('\nTheir logs: ' if len(state.logs) > 1 else '\nIts log: ', 'dim').append(together(state.logs))
    return lines


def together(paths):
    """'folder/{glance,nova}.log' for files of one folder and one suffix, as a shell takes it."""
    names = [os.path.basename(path).removesuffix('.log') for path in paths]
    folder = os.path.dirname(paths[0])
    return paths[0] if len(paths) == 1 else f'{folder}/{{{",".join(names)}}}.log'


def requests(state):
    last = state.exchanges[-1]
    lines = [request_line(state, *each) for each in zip_longest(state.exchanges, state.times, fillvalue=1)]
    steps = Text('  ' + shown(' > '.join(way_in(last.steps))), 'dim')
    return Group(Text('\nWhat reached your cloud, the last one with its steps:', 'dim'), *lines, steps)


def way_in(steps):
    """The steps of the ini's own pipeline, up to the first one that an answer leaves."""
    start = steps.index('reaches FaultWrapper') + 1 if 'reaches FaultWrapper' in steps else 0
    end = next((number for number, step in enumerate(steps) if step.startswith('leaves ')), len(steps))
    return steps[start : end + 1]


def request_line(state, exchange, times):
    query = '?' + '&'.join(f'{name}={value}' for name, value in exchange.query.items()) if exchange.query else ''
    service = f'{exchange.service}: ' if len(state.exercise.services) > 1 else ''
    style = 'done' if exchange.status < 400 else 'wrong' if exchange.status < 500 else 'trouble'
    request = shown(f'{service}{exchange.method} {exchange.path}{query}')
    return Text.assemble((f'{exchange.status} ', style), request, (f' ({times} times)' if times > 1 else '', 'dim'))


def shown(text):
    """Nothing in it commands the terminal, whatever a client sent. What is too long is cut in its middle."""
    return printable(text if len(text) <= 600 else f'{text[:300]} ... {text[-300:]}')


def list_parts(state):
    for index, each in enumerate(state.exercises):
        chosen = index == state.chosen
        line = Text(no_wrap=True, overflow='ellipsis').append('> ' if chosen else '  ').append(f'{each.number:2} ')
        line.append('done  ' if each.name in state.passed else '      ', 'done')
        line.append(each.title, 'bold' if chosen else '').append(f'  (chapter {each.chapter})', 'dim')
        yield index, line


def closing_parts(state):
    yield 'closing', Page(CLOSING.format(total=len(state.exercises), folder=state.home))


PARTS = {'task': task_parts, 'list': list_parts, 'closing': closing_parts}

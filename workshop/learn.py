"""make learn: the exercises in a terminal, one after the other.

Use: learn.main(folder_of_the_students_work) -> exit status
0 after q or Ctrl-C, 1 where it cannot start, 128 + its number after a signal. However it ends, the cloud that it
started ends with it, and the terminal is as it was.
"""

import asyncio
import signal
import sys

from rich.console import Console

from workshop import exercise as exercises
from workshop import screen, terminal
from workshop.opened import Opened, shown_path
from workshop.work import WORK, AlreadyOpen, Work

FAR = 1_000_000  # rows: further than any task goes
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


def main(work_path):
    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout)):  # None is a closed one
        print('"make learn" needs a terminal. Without one, "make grade" says how far you are.', file=sys.stderr)
        return 1
    work = Work(work_path)
    sys.stdout.reconfigure(errors='replace')  # a terminal that knows few letters
    try:
        with work.lock():
            runner = Runner(work, exercises.load_all(), Console(theme=screen.THEME, highlight=False))
            status = asyncio.run(runner.run())
    except AlreadyOpen as error:
        print(error, file=sys.stderr)
        return 1
    if status == 0:
        print(f'Your files are in {shown_path(work.path)}. "make learn" goes on from here.')
    return status


class Runner:
    """Opens one exercise after the other, and does what the keys say."""

    def __init__(self, work, all_exercises, console):
        self.work, self.exercises, self.console = work, all_exercises, console
        self.screen = terminal.Screen(console)
        self.wanted, self.status = first(all_exercises, work), 0
        self.state = self.opened = self.leave = self.told = None
        self.asked_for_solution = False

    async def run(self):
        loop = asyncio.get_running_loop()
        for signum in SIGNALS:
            loop.add_signal_handler(signum, self.quit, 128 + signum)
        loop.add_signal_handler(signal.SIGWINCH, self.resized)
        with terminal.keys(self.pressed), self.screen:
            while self.wanted:
                await self.stay(self.wanted)
        return self.status

    async def stay(self, exercise):
        """With one exercise, until another is wanted, or none."""
        self.leave, self.asked_for_solution = asyncio.Event(), False
        self.work.current = exercise.name
        self.state = self.new_state(exercise)
        self.opened = Opened(exercise, self.work, self.state, self.draw)
        run, watch = asyncio.ensure_future(self.opened.run()), asyncio.ensure_future(self.opened.watch())
        leave = asyncio.ensure_future(self.leave.wait())
        ended, _ = await asyncio.wait({run, watch, leave}, return_when=asyncio.FIRST_COMPLETED)
        self.opened.stop()
        watch.cancel()
        leave.cancel()
        await asyncio.wait({run, watch, leave})
        for task in ended:
            task.result()  # a bug of ours comes to light

    def new_state(self, exercise):
        folder = self.work.folder(exercise)
        python = shown_path(sys.executable)
        elsewhere = '' if self.work.path == WORK else f' --work {shown_path(self.work.path)}'
        return screen.State(
            exercises=self.exercises,
            exercise=exercise,
            passed=self.work.passed,
            folder=shown_path(folder),
            home=shown_path(self.work.path),
            reset=f'{python} -m workshop reset {exercise.name}{elsewhere}',
            chosen=self.exercises.index(exercise),
        )

    def go(self, exercise, status=0):
        """Leave the open exercise, for another one or for good (None)."""
        self.wanted, self.status = exercise, status
        self.leave.set()

    def quit(self, status=0):
        self.go(None, status)

    def resized(self):
        self.screen.forget()
        self.draw()

    def draw(self):
        try:
            if self.console.is_dumb_terminal:
                self.tell()
            else:
                self.screen.measure()
                rows, self.state.scroll = screen.frame(self.console, self.state)
                self.state.show = ''
                self.screen.draw(rows)
        except OSError:  # the terminal is gone
            self.quit(128 + signal.SIGHUP)

    def tell(self):
        text = screen.as_text(self.console, self.state)
        if text != self.told and not self.state.busy:
            print(f'\n{text}', flush=True)
            self.told = text

    # Keys: one method for each view, and in the task's view one for each letter

    def pressed(self, key):
        self.state.notice = ''
        if key == 'closed':
            return self.quit(128 + signal.SIGHUP)
        if key in ('q', 'Q'):
            return self.quit()
        if key == 'paste':
            self.state.notice = 'Commands go into a second terminal: this one takes single keys.'
        else:
            getattr(self, f'in_{self.state.view}')(key)
        self.draw()

    def in_task(self, key):
        page = max(self.console.height // 2, 1)
        moves = {'down': 1, 'up': -1, 'pagedown': page, 'pageup': -page, ' ': page, 'home': -FAR, 'end': FAR}
        letters = {'n': self.next, 'h': self.hint, 'l': self.list, 'r': self.again}
        letters |= {'s': self.solution, 'w': self.why}
        if key in moves:
            self.state.scroll = max(self.state.scroll + moves[key], 0)
        elif key.lower() in letters:
            letters[key.lower()]()
        elif key.isprintable() and len(key) == 1:
            self.state.notice = f'There is no key {key} here. Commands go into a second terminal.'

    def next(self):
        state = self.state
        if not state.may_go_on:
            state.notice = screen.STILL_CHECKING if state.busy else screen.NOT_DONE
            return
        following = after(self.exercises, state.exercise, state.passed)
        if following:
            self.go(following)
        else:
            state.view = 'closing'

    def hint(self):
        state = self.state
        hints = state.exercise.hints(self.opened.places)
        if len(state.hints) == len(hints):
            state.notice = 'There are no more hints. s shows the solution.'
        state.hints = hints[: len(state.hints) + 1]
        state.show = f'hint {len(state.hints)}'

    def solution(self):
        state = self.state
        if not (state.may_go_on or self.asked_for_solution):
            self.asked_for_solution = True
            state.notice = screen.TRY_FIRST
            return
        state.solution, state.show = state.exercise.solution(self.opened.places), 'solution'

    def why(self):
        state = self.state
        if not state.may_go_on:
            state.notice = screen.WHY_LATER
            return
        state.why, state.show = state.exercise.why(self.opened.folder, self.opened.places), 'why'

    def again(self):
        self.opened.again()

    def list(self):
        self.state.view, self.state.typed = 'list', ''
        self.state.chosen = self.state.show = self.exercises.index(self.state.exercise)
        self.state.notice = f'In another terminal, this starts the open exercise over: {self.state.reset}'

    def in_list(self, key):
        state = self.state
        if key in ('escape', 'l'):
            state.view, state.scroll = 'task', 0
        elif key in ('up', 'down'):
            state.typed = ''
            state.chosen = (state.chosen + (1 if key == 'down' else -1)) % len(self.exercises)
        elif key.isdecimal() or (key == 'backspace' and state.typed):
            state.typed = (state.typed + key)[-2:] if key != 'backspace' else state.typed[:-1]
            state.notice = f'Number: {state.typed}_'
            numbers = [str(each.number) for each in self.exercises]
            if state.typed.lstrip('0') in numbers:
                state.chosen = numbers.index(state.typed.lstrip('0'))
        elif key == 'enter':
            self.open_chosen()
        state.show = state.chosen

    def open_chosen(self):
        state = self.state
        chosen = self.exercises[state.chosen]
        if state.typed and state.typed.lstrip('0') != str(chosen.number):
            state.notice, state.typed = f'There is no exercise {state.typed}.', ''
        elif chosen is state.exercise:
            state.view, state.scroll = 'task', 0
        else:
            self.go(chosen)

    def in_closing(self, key):
        if key in ('l', 'escape'):
            self.list()


def first(all_exercises, work):
    """The exercise to begin with: the one that was open last, or if that is done, the next that is not."""
    here = next((each for each in all_exercises if each.name == work.current), all_exercises[0])
    return (here.name in work.passed and after(all_exercises, here, work.passed)) or here


def after(all_exercises, exercise, passed):
    """The next exercise that is not done, from this one on and then from the start; None if all are."""
    here = all_exercises.index(exercise)
    left = [each for each in all_exercises[here + 1 :] + all_exercises[:here] if each.name not in passed]
    return left[0] if left else None

"""The exercise that is open: the student's files, their live cloud, and what the check says to it.

    a file saved   ->  the cloud starts again with it  ->  the check
    a request      ->                                      the check

Use: opened = Opened(exercise, work, state, draw), and its run() and watch() as two tasks until stop().
It writes what it finds into the State that workshop/screen.py draws, and calls draw(). No terminal is needed here.
"""

import asyncio
import contextlib
import itertools
import os
import threading
from pathlib import Path

from watchfiles import awatch

from workshop import check, journal, screen
from workshop.cloud import NAMES, Cloud, CloudError
from workshop.exercise import files_in
from workshop.explain import of_the_system

LOG = 'requests.log'
LAST = 5  # requests shown
END = 4 << 20  # bytes of the journal, in which these are looked for
OF_THE_CLOUD = ('.py', '.ini', '.json', '.txt')  # what the services read
ANSWERS = 'answers.ini'  # what they do not
LOOK_EVERY = 500  # milliseconds, where nothing calls for a look before: to see a service end, or a folder go


class Opened:
    def __init__(self, exercise, work, state, draw):
        self.exercise, self.work, self.state, self.draw = exercise, work, state, draw
        self.folder = work.folder(exercise)
        self.work.prepare(exercise)
        self.cloud = Cloud(exercise.services, self.folder, work.live(exercise), self.folder / LOG, own_ports=False)
        # What the task calls {URL} and the like: as documented, until the cloud runs.
        self.places = {NAMES[name][0]: f'http://127.0.0.1:{NAMES[name][2]}' for name in exercise.services}
        self.tell()
        self.is_up, self.wants_restart, self.stopping = False, True, False
        self.trouble = ''  # why the cloud does not start, where that is the student's to repair
        self.asked, self.overtaken = asyncio.Event(), asyncio.Event()
        self.files, self.noted = contents(self.folder), size_of(self.folder / LOG)
        state.exchanges, state.times = last_of(self.folder / LOG)
        self.polling = None  # as the environment says; True once the system has no watches left for us

    # What happens, one thing after the other

    async def run(self):
        try:
            while not self.stopping:
                self.asked.clear()
                self.overtaken.clear()
                if self.wants_restart:
                    await self.start()
                if (self.is_up or self.trouble) and not self.overtaken.is_set():
                    await self.check()
                await self.asked.wait()
        finally:
            self.is_up = False
            await asyncio.to_thread(self.cloud.stop)

    def again(self, restart=True):
        """Check once more; with restart, what is under way is overtaken."""
        self.wants_restart = self.wants_restart or restart
        self.overtaken.set()
        self.asked.set()

    def stop(self):
        """Have run() end, and the cloud with it."""
        self.stopping = True
        self.again()

    async def start(self):
        self.wants_restart, self.is_up, self.trouble, self.state.dead = False, False, '', []
        self.say(busy='starting the cloud')
        with contextlib.suppress(OSError):  # the next look says why
            self.work.prepare(self.exercise)
        await asyncio.to_thread(self.cloud.stop)
        starting = asyncio.ensure_future(asyncio.to_thread(self.cloud.start))
        await self.ended_or_overtaken(starting)
        if self.wants_restart:
            for process in list(self.cloud.processes.values()):
                process.kill()  # so that the start is over, too
        try:
            await starting
        except CloudError as error:
            if not self.wants_restart:  # or it is we who ended it
                self.trouble = str(error)
                self.does_not_run(self.trouble)
        except OSError as error:
            self.does_not_run(of_the_system(error))
        else:
            self.is_up = True
            self.tell()
            self.say(busy='')

    def does_not_run(self, why):
        self.say(message=why, done=False, busy='', addresses=dict.fromkeys(self.exercise.services, ''))

    def tell(self):
        """The task and what was asked for, with the addresses and process ids of the cloud that is running now."""
        data = shown_path(self.cloud.run_folder / 'data')
        self.state.logs = [shown_path(self.cloud.log_path(name)) for name in self.exercise.services]
        self.places.update(self.cloud.places(), FOLDER=self.state.folder, DATA=data, LOG=' '.join(self.state.logs))
        self.state.task = self.exercise.task(self.places)
        self.state.hints = self.exercise.hints(self.places)[: len(self.state.hints)]
        if self.state.solution:
            self.state.solution = self.exercise.solution(self.places)
        self.state.addresses = dict(self.cloud.urls)

    async def check(self):
        """Run the check, unless a newer save overtakes it."""
        self.say(busy='checking')
        stop = threading.Event()
        running = asyncio.ensure_future(asyncio.to_thread(check.run, self.exercise, self.folder, stop=stop))
        await self.ended_or_overtaken(running)
        stop.set()
        try:
            result = await running
            if result.passed and not self.trouble and not self.overtaken.is_set():
                self.state.passed.add(self.exercise.name)
                self.work.record(self.exercise, True)
        except OSError as error:  # no room on the disk, say
            result = check.Result(False, of_the_system(error))
        # Of a cloud that does not start, the check says more, or nothing.
        news = {'message': result.message, 'done': result.passed} if self.trouble in result.message else {}
        if not self.overtaken.is_set():
            if news.get('done') and self.state.notice in screen.UNTIL_DONE:
                news['notice'] = ''
            self.say(**news, busy='')

    async def ended_or_overtaken(self, running):
        """Wait for the task, or for a newer save, a key r, the end."""
        overtaken = asyncio.ensure_future(self.overtaken.wait())
        await asyncio.wait({running, overtaken}, return_when=asyncio.FIRST_COMPLETED)
        overtaken.cancel()

    # What is seen

    async def watch(self):
        while True:
            seen = identity(self.folder)
            if seen is None:
                self.look()  # which lays it out, or says why not
                await asyncio.sleep(0.1)
                continue
            try:
                await self.follow(seen)
            except Exception:  # the system has no more watches to give, say
                if self.polling:
                    raise
                self.polling = True

    async def follow(self, seen):
        """Look at every change, until the folder is another one than was seen."""
        changes = awatch(
            self.folder,
            watch_filter=None,
            debounce=200,
            rust_timeout=LOOK_EVERY,
            yield_on_timeout=True,
            force_polling=self.polling,
        )
        async with contextlib.aclosing(changes):
            self.look()
            async for _ in changes:
                self.look()
                if identity(self.folder) != seen:
                    return

    def look(self):
        """Compare what is there with what was, and ask for what follows from it."""
        try:
            self.look_after_folder()
            self.look_at_files()
        except FileNotFoundError:
            pass  # a folder that is being deleted: the next look will tell
        except OSError as error:
            self.say(notice=of_the_system(error))
        noted = size_of(self.folder / LOG)
        if noted != self.noted:
            self.noted = noted
            self.asked.set()
            exchanges, times = last_of(self.folder / LOG)
            self.say(exchanges=exchanges, times=times, show='requests')
        dead = self.cloud.dead() if self.is_up else []
        if dead != self.state.dead:
            self.say(dead=dead)

    def look_after_folder(self):
        if (self.work.path / 'progress.json').exists():
            self.state.passed = self.work.passed
        else:
            self.work.current = self.exercise.name
            for each in self.state.exercises:
                if each.name in self.state.passed:
                    self.work.record(each, True)
        if self.work.prepare(self.exercise):
            self.again()
            self.say(notice=f'Your folder {self.exercise.name} was gone. It has been laid out again.')

    def look_at_files(self):
        files = contents(self.folder)
        changed = {path for path, _ in files.items() ^ self.files.items()}
        if changed:
            self.files = files
            self.again(restart=any(path.suffix in OF_THE_CLOUD and path.name != ANSWERS for path in changed))

    def say(self, **news):
        for name, value in news.items():
            setattr(self.state, name, value)
        self.draw()


def contents(folder):
    """{Path: when and what was saved} of the files that a student means: no journal, nothing that editors keep."""
    found = {}
    for path in files_in(folder):
        if path.name != LOG and not path.name.startswith(('.', '#')) and not path.name.endswith('~'):
            with contextlib.suppress(FileNotFoundError):
                status = path.stat()
                found[path] = status.st_mtime_ns, status.st_size, status.st_ino
    return found


def last_of(log):
    """The last Exchanges, and how often each came: of the same one asked again and again, as long as the answer is the
    same, the last."""
    try:
        exchanges = journal.read(log, last=END)
    except OSError:  # the check says so
        return [], []
    same = itertools.groupby(exchanges, lambda each: (each.service, each.method, each.path, each.query, each.status))
    groups = [list(group) for _, group in same][-LAST:]
    return [group[-1] for group in groups], [len(group) for group in groups]


def size_of(path):
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def identity(folder):
    """Which folder it is, whatever its name; None if there is none."""
    try:
        status = os.stat(folder)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def shown_path(path):
    """A path as one would type it here: from this folder, where it is below it."""
    relative = os.path.relpath(path)
    return str(Path(path)) if relative.startswith('..') else relative

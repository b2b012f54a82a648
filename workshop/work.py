"""The student's own copies of the exercises, in a folder that git ignores, and how far they have come.

Use: work = Work(); work.prepare(exercise); work.folder(exercise)
progress.json beside the copies says which of them passed, and which one was open. Nothing that a student wrote is
overwritten or deleted: reset moves it to .before-reset/.
"""

import contextlib
import errno
import json
import os
import shutil
import tempfile
import time
from pathlib import Path

from filelock import FileLock, Timeout

from workshop.files import plain_file

WORK = Path(__file__).parent / 'work'


class AlreadyOpen(Exception):
    """Another runner has this folder."""


class Work:
    """path: the folder with all of a student's work; it is made when it is needed."""

    def __init__(self, path=WORK):
        self.path = Path(path).resolve()
        if '%' in str(self.path) or not str(self.path).isprintable():
            raise OSError(f'{str(self.path)!r}: no ini can name this folder. Give it a name without percent signs.')

    def folder(self, exercise):
        return self.path / exercise.name

    def live(self, exercise):
        """Where the exercise's cloud keeps its inis, data and logs while it is open."""
        return self.path / '.live' / exercise.name

    def prepare(self, exercise):
        """Lay out the files that the student does not have yet; whether the folder was not there.

        NotADirectoryError if something else is in its place.
        """
        folder = self.folder(exercise)
        is_new = not os.path.lexists(folder)
        if not is_new and not folder.is_dir():
            why = f'This is no folder. "python -m workshop reset {exercise.name}" lays one out'
            raise NotADirectoryError(errno.ENOTDIR, why, str(folder))
        # A file that the student removed stays removed: only a whole folder is laid out, all of it or nothing.
        if is_new:
            self.path.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix='.new-', dir=self.path, ignore_cleanup_errors=True) as new:
                laid = Path(new) / exercise.name
                ignore = shutil.ignore_patterns('__pycache__')
                shutil.copytree(exercise.start, laid, ignore=ignore, copy_function=shutil.copyfile)
                try:
                    laid.rename(folder)
                except OSError:
                    if not folder.is_dir():  # which somebody else has laid out meanwhile
                        raise
        return is_new

    def reset(self, exercise):
        """Lay the exercise out anew; the Path that its files were moved to, or None if there were none."""
        folder, kept = self.folder(exercise), None
        if os.path.lexists(folder):
            kept = self.path / '.before-reset' / f'{exercise.name}-{time.strftime("%Y%m%d-%H%M%S")}'
            while os.path.lexists(kept):
                kept = kept.with_name(kept.name + '-again')
            kept.parent.mkdir(parents=True, exist_ok=True)
            folder.rename(kept)
        self.prepare(exercise)
        self.record(exercise, False)
        return kept

    @property
    def passed(self):
        """The names of the exercises that were done when last looked at."""
        return set(self._read()['passed'])

    def record(self, exercise, passed):
        progress = self._read()
        others = set(progress['passed']) - {exercise.name}
        self._write({**progress, 'passed': sorted(others | {exercise.name} if passed else others)})

    @property
    def current(self):
        """The name of the exercise that was open last, or None."""
        return self._read()['current']

    @current.setter
    def current(self, name):
        self._write({**self._read(), 'current': name})

    def _read(self):
        try:
            with open(self.path / 'progress.json', encoding='utf-8', opener=plain_file) as file:
                progress = json.load(file)
            passed = progress['passed'] if isinstance(progress['passed'], list) else []
            return {'current': progress['current'], 'passed': [str(name) for name in passed]}
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return {'current': None, 'passed': []}

    def _write(self, progress):
        self.path.mkdir(parents=True, exist_ok=True)
        new = self.path / '.progress.json.new'
        with open(new, 'w', encoding='utf-8', opener=plain_file) as file:
            file.write(json.dumps(progress, indent=2) + '\n')
        os.replace(new, self.path / 'progress.json')

    @contextlib.contextmanager
    def lock(self):
        """Held by the one runner that may be open; AlreadyOpen says that another one is."""
        self.path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.path / '.lock')
        try:
            lock.acquire(timeout=0)
        except Timeout:
            why = f'"make learn" is open in another terminal for {self.path}: go on there, or end it with q.'
            raise AlreadyOpen(why) from None
        try:
            yield
        finally:
            lock.release()

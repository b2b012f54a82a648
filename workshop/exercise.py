"""An exercise, as it lies in workshop/exercises/NN_name/.

task.md      its title, the task, under "## Hint" the hints, each stronger than the one before, and under "## Why" what
             the exercise has shown, with a last line "Source: PATH SYMBOL"
check.py     CHAPTER, SERVICES, MAY_STOP and check(student), see workshop/student.py
start/       what the student gets; with a curl.sh in it, the exercise is done by requests
solution/    what makes it right, laid over start/
mistakes.py  for the tests: AS_SHIPPED, what check says to start/, and MISTAKES, {what was done wrong: ({file: its new
             text, or (old, new) for a part of the solution's}, what check says then)}; ... stands for any text

Two hints and two mistakes at least; the task in at most 24 lines. MAY_STOP may be left out, SERVICES may be empty.

Use: for exercise in load_all(): exercise.task(places)
"""

import difflib
import importlib
import re
from pathlib import Path

from workshop.files import plain_file

HERE = Path(__file__).parent / 'exercises'
WALKTHROUGH = HERE.parent / 'walkthrough'
PARTS = ('task.md', 'check.py', 'start', 'solution', 'mistakes.py')


class Exercise:
    """number: int; name: '01_list'; title: text; folder: Path; chapter: int; services: as workshop/cloud.py takes them;
    may_stop: names of services that the student is asked to end; source, symbol: the file from the repository's root,
    and the class or function in it, that does in this cloud what the exercise is about."""

    def __init__(self, folder):
        self.folder, self.name = folder, folder.name
        self.number = int(folder.name.partition('_')[0])
        self.check_module = importlib.import_module(f'workshop.exercises.{folder.name}.check')
        self.chapter = self.check_module.CHAPTER
        self.services = self.check_module.SERVICES
        self.may_stop = getattr(self.check_module, 'MAY_STOP', ())
        whole = (folder / 'task.md').read_text(encoding='utf-8')
        whole, _, why = whole.partition('\n## Why\n')
        self._why, _, source = why.strip().rpartition('\nSource: ')
        self.source, _, self.symbol = source.partition(' ')
        text, *self._hints = re.split(r'^## Hint.*\n', whole, flags=re.M)
        title, self._task = text.split('\n', 1)
        self.title = title.removeprefix('# ').strip()

    @property
    def start(self):
        return self.folder / 'start'

    @property
    def is_curl(self):
        """Whether it is done by requests, from a terminal or from the file curl.sh."""
        return (self.start / 'curl.sh').exists()

    def task(self, places=None):
        """The task, as Markdown. places: {'URL': 'http://127.0.0.1:8080', ...} for what it writes as {URL}."""
        return fill(self._task, places or {})

    def hints(self, places=None):
        """The hints, weakest first, as Markdown."""
        return [fill(hint, places or {}) for hint in self._hints]

    def solution(self, places=None):
        """The solution as Markdown: a new file whole, a changed one as a diff."""
        text = '\n\n'.join(self._solved(path) for path in files_in(self.folder / 'solution'))
        return in_places(text, places or {})

    @property
    def chapter_path(self):
        """From the repository's root."""
        [path] = WALKTHROUGH.glob(f'{self.chapter:02}-*.md')
        return path.relative_to(HERE.parent.parent)

    def why(self, folder, places=None):
        """What the exercise has shown, where to read on, the reference beside the folder's files: as Markdown."""
        symbol = f', `{self.symbol}`' if self.symbol else ''
        where = f'Read on: `{self.chapter_path}`. In this cloud: `{self.source}`{symbol}.'
        compared = [self._compared(path, folder, places or {}) for path in files_in(self.folder / 'solution')]
        return '\n\n'.join([self._why, where, *compared])

    def _compared(self, path, folder, places):
        """The student's file as a diff to the reference solution's, or that one alone, where there is none."""
        name, reference = path.relative_to(self.folder / 'solution'), path.read_text(encoding='utf-8')
        try:
            with open(folder / name, encoding='utf-8-sig', opener=plain_file) as file:
                own = file.read()
        except (OSError, UnicodeDecodeError):
            own = ''
        if self.is_curl and path.suffix == '.sh' and not has_commands(own):  # they were typed
            return f'The reference solution, {name}:\n\n```sh\n{in_places(reference, places).strip()}\n```'
        if own.split() == reference.split():
            return f'Your {name} is the reference solution, word for word.'
        changes = difflib.unified_diff(own.splitlines(), reference.splitlines(), lineterm='', n=1)
        lines = '\n'.join(list(changes)[2:])
        return f'{name} (- is yours, + the reference solution):\n\n```diff\n{lines}\n```'

    def _solved(self, path):
        name = path.relative_to(self.folder / 'solution')
        before, after = self.start / name, path.read_text(encoding='utf-8')
        if self.is_curl or not before.exists():
            language = {'.py': 'python', '.sh': 'sh', '.ini': 'ini'}.get(path.suffix, '')
            return f'{name}:\n\n```{language}\n{after.strip()}\n```'
        start = before.read_text(encoding='utf-8')
        changes = '\n'.join(list(difflib.unified_diff(start.splitlines(), after.splitlines(), lineterm='', n=2))[2:])
        return f'{name} (- goes, + comes):\n\n```diff\n{changes}\n```'


def in_places(script, places):
    """The script for whoever types its lines into a terminal, and has no $URL there."""
    return re.sub(r'\$([A-Z][A-Z0-9_]*)', lambda found: places.get(found[1], found[0]), script)


def has_commands(script):
    return any(line.strip() and not line.lstrip().startswith('#') for line in script.splitlines())


def fill(text, places):
    return re.sub(r'\{([A-Z][A-Z0-9_]*)\}', lambda found: places.get(found[1], found[0]), text).strip('\n')


def files_in(folder):
    """The files below a folder that a person wrote, in order."""
    return sorted(path for path in folder.rglob('*') if path.is_file() and '__pycache__' not in path.parts)


def load_all():
    """All exercises, in their order."""
    return [Exercise(folder) for folder in sorted(HERE.iterdir()) if all((folder / part).exists() for part in PARTS)]


def find(exercises, text):
    """The exercise of that number ('7'), name ('07_token') or short name ('token'); LookupError lists the names."""
    for exercise in exercises:
        if text in (exercise.name, exercise.name.partition('_')[2]) or text.lstrip('0') == str(exercise.number):
            return exercise
    names = ', '.join(exercise.name for exercise in exercises)
    raise LookupError(f'There is no exercise {text}. There are: {names}.')

"""What a check says when the student's code hands out something of another kind, whatever it is.

Use: python -m tests.workshop.wrong_types EXERCISE FOLDER TRIES  (FOLDER is written to)
It prints a line of JSON for each try, [what was tried, [passed, what the check says]]. Each value that the solution
returns, hands to a call or puts into a dict is replaced by some of VALUES, one at a time: by so many of them as TRIES
says, other ones in each place. Each try is made in a fork, which is ended after some seconds.
"""

import ast
import contextlib
import io
import itertools
import json
import os
import shutil
import signal
import sys
from pathlib import Path

from workshop import check
from workshop import exercise as exercises

PATIENCE = 10  # seconds for a try
VALUES = (
    'None',
    '5',
    "'text'",
    "b'bytes'",
    '[]',
    '[[1]]',
    '{}',
    '(1, 2)',
    'object()',
    'print',
    'ValueError',
    'Exception()',
)


def main(name, folder, tries):
    exercise = exercises.find(exercises.load_all(), name)
    for source in exercise.start, exercise.folder / 'solution':
        shutil.copytree(source, folder, dirs_exist_ok=True)
    sys.path.insert(0, folder)
    for what, says in of_code(exercise, Path(folder), int(tries)):
        print(json.dumps([what, says]), flush=True)


def of_code(exercise, folder, tries):
    check.judge(exercise, str(folder))  # what takes long to import is there from now on, and the student's is not
    for path in sorted(folder.glob('*.py')):
        sys.modules.pop(path.stem, None)
    for path in sorted(folder.glob('*.py')):
        text = path.read_text()
        for number, place in enumerate(places(ast.parse(text))):
            for value in itertools.islice(itertools.cycle(VALUES), number * 5, number * 5 + tries):
                path.write_text(with_value(text, number, value))
                yield f'{path.name}: {value} for {ast.unparse(place)}', in_fork(lambda: judged(exercise, folder))
        path.write_text(text)


def places(tree):
    """The expressions that are replaced: what is returned, what is handed to a call, what stands in a dict."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Return) and node.value:
            found.append(node.value)
        elif isinstance(node, ast.Call):
            found += [each for each in [*node.args, *(keyword.value for keyword in node.keywords)] if is_plain(each)]
        elif isinstance(node, ast.Dict):
            found += node.values
    return found


def is_plain(node):
    return not isinstance(node, ast.Starred)


def with_value(text, number, value):
    tree = ast.parse(text)
    place, new = places(tree)[number], ast.parse(value, mode='eval').body

    class Replace(ast.NodeTransformer):
        def visit(self, node):
            return new if node is place else self.generic_visit(node)

    return ast.unparse(ast.fix_missing_locations(Replace().visit(tree)))


def judged(exercise, folder):
    result = check.judge(exercise, str(folder))
    return [result.passed, result.message]


def in_fork(call):
    """What call() returns in a process of its own, as JSON; what became of that, if it does not return."""
    ours, its = os.pipe()
    pid = os.fork()
    if not pid:
        with contextlib.suppress(BaseException), open(os.devnull, 'w') as nowhere:
            os.close(ours)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(PATIENCE)
            sys.stdout = sys.stderr = nowhere
            sys.stdin = io.StringIO()
            result = json.dumps(call()).encode()
            os.write(its, result)
        os._exit(0)
    os.close(its)
    with open(ours, 'rb') as file:
        said = file.read()
    status = os.waitpid(pid, 0)[1]
    return json.loads(said) if said else [False, f'This ends with status {status}.']


if __name__ == '__main__':
    main(*sys.argv[1:])

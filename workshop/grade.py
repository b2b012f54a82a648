"""Check all exercises of one or more students: a line for each, the score, and a JSON for the teacher.

Use: python -m workshop grade [--json results.json] [WORK ...]
A WORK is a student's folder workshop/work, wherever it was copied to, under the student's name; without any it is the
one here. Nothing is written into them. The JSON: {"students": [{"student": NAME, "score": 3, "of": 25, "exercises":
[{"name": "01_list", "title": ..., "chapter": 1, "passed": true, "message": ...}, ...]}, ...]}.
Their code is run with your rights: grade what you do not trust in a container,
or as a user who has nothing to lose.
"""

import concurrent.futures
import dataclasses
import getpass
import json
import os
import threading

from workshop import check
from workshop.explain import of_the_system, one_line
from workshop.work import WORK, Work


def grade(exercises, folders, report, json_path=None):
    """report(line) is called with each line of text. Returns the document that goes into json_path, too."""
    students = []
    for path in folders or [WORK]:
        name = one_line(path.resolve().name) if folders else user()
        if folders:
            report(f'{name}:')
        students.append(grade_one(name, exercises, Work(path), report))
    document = {'students': students}
    if json_path:
        try:
            json_path.write_text(json.dumps(document, indent=2) + '\n', encoding='utf-8')
        except OSError as error:  # a full disk's has no name in it
            raise OSError(f'{json_path} cannot be written: {error.strerror}.') from None
    return document


def grade_one(name, exercises, work, report):
    done, stop = [], threading.Event()
    pool = concurrent.futures.ThreadPoolExecutor(min(os.cpu_count() or 1, 4))
    try:
        for exercise, result in zip(exercises, pool.map(lambda each: look(each, work, stop), exercises)):
            says = exercise.title if result.passed else result.message
            report(f'{"pass" if result.passed else "    "}  {exercise.name:<22} {says}')
            about = {'name': exercise.name, 'title': exercise.title, 'chapter': exercise.chapter}
            done.append({**about, **dataclasses.asdict(result)})
    finally:
        stop.set()  # whatever is left after a Ctrl-C
        pool.shutdown(cancel_futures=True)
    score = sum(each['passed'] for each in done)
    report(f'Score: {score}/{len(done)}')
    return {'student': name, 'score': score, 'of': len(done), 'exercises': done}


def look(exercise, work, stop):
    """The Result of the student's files; of the exercise as shipped, where there are none yet."""
    folder = work.folder(exercise)
    try:
        return check.run(exercise, folder if folder.is_dir() else exercise.start, stop=stop)
    except OSError as error:
        return check.Result(False, of_the_system(error))


def user():
    """Whoever runs this; not every system knows a name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())

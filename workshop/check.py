"""Check an exercise, in a process of its own: a student's code may fail, hang or end Python, and only that ends.

Use: result = run(exercise, folder); result.passed, result.message
     python -m workshop.check NAME FOLDER FILE    writes the Result's JSON into the file (run does this)
"""

import contextlib
import dataclasses
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

from workshop import heed_signals, offspring
from workshop.cloud import ROOT, CloudError
from workshop.exercise import HERE, Exercise, has_commands
from workshop.explain import explain, is_students, one_line
from workshop.limits import MEMORY, limit
from workshop.student import NotYet, Student

WELL_DONE = 'Done.'
# What a student's code may use before the system stops it: bytes of a file (all that it prints goes into one), seconds.
LIMITS = {resource.RLIMIT_FSIZE: 64 << 20, resource.RLIMIT_CPU: 60, **MEMORY}


@dataclasses.dataclass
class Result:
    """passed: whether the exercise is done; message: one sentence, what is wrong and what to do about it."""

    passed: bool
    message: str


def run(exercise, folder, timeout=20, stop=None):
    """The Result of an exercise's check on a folder. It writes nothing into the folder.

    timeout: seconds; stop: a threading.Event that ends it before its time, for who no longer wants the Result.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        result, output = Path(scratch) / 'result.json', Path(scratch) / 'output'
        status = run_child(exercise, folder, result, output, timeout, stop)
        if status is None:
            return Result(False, f'This does not end within {timeout} seconds: is there a loop that goes on for ever?')
        try:
            found = json.loads(result.read_text()) if result.is_file() else {}
            return Result(found['passed'] is True, one_line(found['message']))
        except (LookupError, OSError, RecursionError, TypeError, ValueError):  # the student's code may have got there
            return Result(False, f'The check ended half-way: {last_line(output) or f"status {status}"}')


def last_line(path):
    """The last line of a file that may be large, or not there; '' if there is none."""
    try:
        with open(path, 'rb') as file:
            file.seek(max(path.stat().st_size - 4096, 0))
            said = file.read().decode(errors='replace').strip().splitlines()
    except OSError:
        return ''
    return one_line(said[-1]) if said else ''


def run_child(exercise, folder, result, output, timeout, stop):
    """The child's exit status; None if its time ran out."""
    until = time.monotonic() + timeout
    work = result.parent / 'cwd'
    work.mkdir()
    mark = str(uuid.uuid4())
    ours = {'PYTHONPATH': str(ROOT), 'PYTHONDONTWRITEBYTECODE': '1', 'PYTHONUNBUFFERED': '1', offspring.MARK: mark}
    environ = {**os.environ, **ours}
    command = [sys.executable, '-m', 'workshop.check', exercise.name, str(Path(folder).resolve()), str(result)]
    with open(output, 'wb') as log:
        child = subprocess.Popen(
            command, cwd=work, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    try:
        while time.monotonic() < until and not (stop and stop.is_set()):
            with contextlib.suppress(subprocess.TimeoutExpired):
                return child.wait(0.1)
        return None
    finally:  # whatever the student's code started ends, too
        offspring.end(mark, child.pid)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def main(name, folder, result):
    heed_signals()
    offspring.adopt()
    mark = os.environ[offspring.MARK]
    threading.Thread(target=end_with, args=[os.getppid(), mark], daemon=True).start()
    limit(LIMITS)
    exercise = Exercise(HERE / name)
    sys.path.insert(0, folder)
    Path(result).write_text(json.dumps(dataclasses.asdict(judge(exercise, folder))))
    offspring.end(mark, os.getpid())


def end_with(parent, mark):
    """Nobody waits any more once that process is gone: end this one, and what the student's code started."""
    while os.getppid() == parent:
        time.sleep(0.5)
    offspring.end(mark, os.getpid())
    os.killpg(0, signal.SIGKILL)


def judge(exercise, folder):
    """The Result, in this process."""
    try:
        student = Student(exercise, folder)
        judge_requests(exercise, student) if exercise.is_curl else exercise.check_module.check(student)
    except (NotYet, CloudError) as error:
        return Result(False, str(error))
    except BaseException as error:  # sys.exit is one of the things that students write
        if is_students(error, folder):
            return Result(False, explain(error, folder))
        return Result(False, f'The check of this exercise fails, which is not your fault: {explain(error, ROOT)}')
    return Result(True, WELL_DONE)


def judge_requests(exercise, student):
    """Ask what reached the cloud so far; where that will not do, ask again with what the student's curl.sh sends."""
    try:
        ask(exercise, student)
    except NotYet:
        script = student.read('curl.sh')
        if not has_commands(script):
            raise
        student.exchanges = send(student, script)
        ask(exercise, student)


def ask(exercise, student):
    """The check, which takes answers to be as the services give them. An ini of the student's may give others."""
    try:
        exercise.check_module.check(student)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise NotYet(
            f'An answer of your cloud has another form than its services give ({explain(error, ROOT).rstrip(".")}): '
            f'"python -m workshop reset {exercise.name}" lays the exercise out anew.'
        ) from None


def send(student, script):
    """Run the script in an empty folder, against a cloud of its own: the Exchanges that come of it."""
    if not shutil.which('bash'):
        raise NotYet('The commands in curl.sh are run by bash, which is not installed here.')
    with student.cloud() as cloud, tempfile.TemporaryDirectory() as cwd:
        # What is installed beside Python can be called, and what it keeps at home is not kept.
        path = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get('PATH', os.defpath)])
        environ = {**os.environ, **cloud.places(), 'PATH': path, 'HOME': cwd, 'no_proxy': '127.0.0.1'}
        subprocess.run(['bash', '-c', script], cwd=cwd, env=environ, stdin=subprocess.DEVNULL, check=False)
        cloud.stop()  # what is under way is noted when it ends
        return cloud.exchanges


if __name__ == '__main__':
    main(*sys.argv[1:])

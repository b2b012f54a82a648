"""Steps are made of calls: of many, of several threads, of those that fail."""

import contextvars
import threading

from xray import instrument
from xray.recorder import ACTIVE, MOST_STEPS, Recording

OUTER = """
def outer(a):
    def inner(b=2, *rest, c=3, **more):
        return a, b, rest, c, more
    return inner

inner = outer(1)
"""
FAIL = """
def fail():
    return {}['no']

def catch():
    try:
        fail()
    except KeyError:
        return 1
"""


def module(tmp_path, monkeypatch, source):
    """A student's module with this source, watched."""
    (tmp_path / 'students_own.py').write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(__import__('sys').modules, 'students_own', raising=False)
    own = __import__('students_own')
    instrument.find()
    return own


def record(function, *arguments):
    recording = Recording('test', 'GET /')
    recording.went_on = lambda: None
    with recording.watched():
        function(*arguments)
    return recording


def test_a_request_of_100000_calls_says_what_it_left_out(tmp_path, monkeypatch):
    own = module(
        tmp_path, monkeypatch, 'def one(n):\n    return n\ndef many():\n    for n in range(100_000):\n        one(n)\n'
    )
    recording = record(own.many)
    assert len(recording.steps) < MOST_STEPS
    assert len(recording.steps) + recording.left_out == 100_002


def test_an_endless_depth_is_bounded_too(tmp_path, monkeypatch):
    own = module(tmp_path, monkeypatch, 'def down(n):\n    return n and down(n - 1)\n')
    recording = record(own.down, 200)
    assert len(recording.steps) == 202


def test_a_function_keeps_its_defaults_its_closure_and_its_signature(tmp_path, monkeypatch):
    own = module(
        tmp_path,
        monkeypatch,
        OUTER,
    )
    assert own.inner() == (1, 2, (), 3, {})
    assert own.inner(5, 6, c=7, d=8) == (1, 5, (6,), 7, {'d': 8})
    recording = record(own.inner, 5)
    assert recording.steps[1].info.name == 'outer.<locals>.inner'
    assert str(__import__('inspect').signature(own.inner)) == '(b=2, *rest, c=3, **more)'


def test_what_a_step_raises_is_told_with_its_line(tmp_path, monkeypatch):
    own = module(tmp_path, monkeypatch, FAIL)
    recording = record(own.catch)
    assert recording.steps[2].error == {'type': 'KeyError', 'message': "'no'", 'line': 3}
    assert recording.steps[1].error is None


def test_a_job_in_another_thread_stands_below_what_handed_it_on(tmp_path, monkeypatch):
    source = """
import contextvars, threading

def work(n):
    return n

def submit():
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(work, 1))
    thread.start()
    return thread
"""
    own = module(tmp_path, monkeypatch, source)
    threads = []
    recording = record(lambda: threads.append(own.submit()))
    threads[0].join(10)
    submit, work = recording.steps[1:3]
    assert (work.info.name, work.landmark, work.parent) == ('work', 'job', submit)


def test_requests_at_once_do_not_mix(tmp_path, monkeypatch):
    own = module(
        tmp_path, monkeypatch, 'def one(n):\n    return n\ndef many(n):\n    for _ in range(100):\n        one(n)\n'
    )
    found = {}
    start = threading.Barrier(8, timeout=10)

    def request(number):
        start.wait()
        found[number] = record(own.many, number)

    threads = [threading.Thread(target=contextvars.copy_context().run, args=(request, number)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == list(range(8))
    for number, recording in found.items():
        assert {step.arguments[0] for step in recording.steps[1:]} == {number}
        assert len(recording.steps) == 102


def test_outside_of_a_request_nothing_is_recorded(tmp_path, monkeypatch):
    own = module(tmp_path, monkeypatch, 'def one(n):\n    return n\n')
    assert own.one(3) == 3
    assert ACTIVE.walk is None

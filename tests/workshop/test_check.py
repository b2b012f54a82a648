"""What a check says to work that fails in a way that nobody foresaw: one plain sentence, always."""

import json
import os
import shutil
import signal
import subprocess
import sys

import psutil
import pytest

from tests.servers import ROOT
from tests.waiting import is_there, wait_until
from workshop import check, journal
from workshop.journal import Exchange
from workshop.student import Student


@pytest.fixture
def work_on(tmp_path, named):
    """work_on('request_id', {'request_id.py': text}): the Result for the solution with these files instead."""

    def work_on(name, files, timeout=20):
        each, folder = named(name), tmp_path / 'work'
        for source in (each.start, each.folder / 'solution'):
            shutil.copytree(source, folder, dirs_exist_ok=True)
        for file, text in files.items():
            if text is None:
                (folder / file).unlink()
            elif isinstance(text, bytes):
                (folder / file).write_bytes(text)
            else:
                (folder / file).write_text(text)
        before = {path: path.read_bytes() for path in folder.rglob('*') if path.is_file()}
        result = check.run(each, folder, timeout)
        assert before == {path: path.read_bytes() for path in folder.rglob('*') if path.is_file()}
        assert not result.passed
        assert '\n' not in result.message
        assert 'Traceback' not in result.message
        return result.message

    return work_on


NO_START = 'def filter_factory(conf):\n    return lambda app: lambda environ, start_response: [b""]\n'
FAILING = {
    'start_response not called': (
        NO_START,
        'GET /instances fails: request_id.py, line 2: start_response was not called: call it, or hand it on, before '
        'you return.',
    ),
    'a syntax error': ('class RequestId(:\n', 'request_id.py, line 1: Python cannot read this (invalid syntax).'),
    'an indentation error': (
        'def f():\nreturn 1\n',
        'request_id.py, line 2: Python cannot read this (expected an indented block',
    ),
    'a name that is not there': (
        'import uuid\nuuid.uuid5000\n',
        "request_id.py, line 2: AttributeError: module 'uuid' has no attribute 'uuid5000'",
    ),
    'an import that is not there': ('import nothing_such\n', "request_id.py, line 1: No module named 'nothing_such'"),
    'no factory': ('', 'configure.ini: '),
    'sys.exit': (
        'import sys\nsys.exit()\n',
        'request_id.py, line 2: the program ended here (sys.exit or exit): let it go on.',
    ),
    'an error without a text': ('raise ValueError\n', 'request_id.py, line 1: ValueError.'),
    'an error of several lines': ('raise ValueError("a\\nb")\n', 'request_id.py, line 1: ValueError: a b.'),
    'a line printed before os._exit': ('import os\nprint("so far")\nos._exit(3)\n', 'The check ended half-way: so far'),
    'os._exit': ('import os\nos._exit(3)\n', 'The check ended half-way: status 3'),
    'not UTF-8': (b'name = "\xff"\n', 'request_id.py'),
}


@pytest.mark.parametrize('case', FAILING)
def test_a_file_that_fails_is_told_in_one_sentence(work_on, case):
    text, says = FAILING[case]
    assert work_on('request_id', {'request_id.py': text}).startswith(says)


def test_a_null_byte_is_told_too(work_on):
    assert 'cannot contain null bytes' in work_on('request_id', {'request_id.py': b'a = 1\0\n'})


OF_ANOTHER_KIND = {
    'a status that is a number': (
        'start_response(403, [])',
        'the status is an int: it is text, such as "403 Forbidden"',
    ),
    'a status without its words': ('start_response("403", [])', 'the status is "403": begin with three digits and a'),
    'headers in a dict': ('start_response("200 OK", {"A": "b"})', 'the headers are a dict: they are a list of pairs'),
    'a header that is no pair': ('start_response("200 OK", [("A",)])', "('A',) is among the headers: each is a pair"),
    'a header that is a list': (
        'start_response("200 OK", [("A", ["b"])])',
        'the header A is a list: a header is text, as',
    ),
    'a header with two lines': (
        'start_response("200 OK", [("A", "b\\nC: d")])',
        'the header A has the end of a line in it',
    ),
    'a Response that nobody has called': (
        'return webob.Response()',
        'a filter or the application returned a Response:',
    ),
    'text for the body': (
        'start_response("200 OK", []); return "text"',
        'a filter or the application returned a str: the',
    ),
    'text in the body': (
        'start_response("200 OK", []); return ["text"]',
        'a str is among the parts of the body: each is',
    ),
    'a number for the body': (
        'start_response("200 OK", []); return 5',
        'a filter or the application returned an int: the',
    ),
}


@pytest.mark.parametrize('case', OF_ANOTHER_KIND)
def test_what_is_of_another_kind_than_wsgi_says_is_told_with_its_line(work_on, case):
    code, says = OF_ANOTHER_KIND[case]
    lines = ['import webob', 'class RequestId:', '    def __init__(self, app): self.app = app']
    lines += [
        '    def __call__(self, environ, start_response):',
        f'        {code}',
        'def filter_factory(conf): return RequestId',
    ]
    message = work_on('request_id', {'request_id.py': '\n'.join(lines) + '\n'})
    assert message.startswith(f'GET /instances fails: request_id.py, line 5: TypeError: {says}')


def test_what_an_action_returns_is_told_with_its_line(work_on, named):
    code = (named('action').folder / 'solution' / 'actions.py').read_text()
    code = code.replace('return Response(status=202)', 'return {1, 2}')
    line = code[: code.index('return {1, 2}')].count('\n') + 1
    message = work_on('action', {'actions.py': code})
    assert message.startswith('POST /instances/')
    assert f'/action fails: actions.py, line {line}: TypeError: ' in message


@pytest.mark.parametrize('answer', ['[]', '5', '"text"', '{"instance": null}', '{"instance": {"name": []}}', 'no JSON'])
def test_an_answer_of_another_form_is_told_in_one_sentence(tmp_path, named, answer):
    shutil.copytree(named('create').start, tmp_path, dirs_exist_ok=True)
    exchange = Exchange('ground', 'POST', '/instances', {}, {}, '', '', 201, {}, answer, '', [])
    journal.append(tmp_path / 'requests.log', exchange)
    result = check.run(named('create'), tmp_path)
    assert not result.passed
    assert 'not your fault' not in result.message
    assert (
        result.message.startswith('An answer of your cloud has another form') or answer == '{"instance": {"name": []}}'
    )


# How many values are tried in each place of the solution: what takes long is tried less.
TRIES = {'08_method_not_allowed': 1, '09_action': 1, '10_quota': 2, '11_request_id': 1, '12_before_after': 2,
         '16_layer': 1, '21_ami': 6}  # fmt: skip


@pytest.mark.parametrize('name', TRIES)
def test_whatever_a_students_code_hands_out_the_check_says_what_is_wrong_with_it(tmp_path, name):
    command = [sys.executable, '-m', 'tests.workshop.wrong_types', name, str(tmp_path / 'work'), str(TRIES[name])]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert ended.returncode == 0, ended.stderr
    tries = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(tries) > 10
    for what, (_, message) in tries:
        assert 'not your fault' not in message, f'{what}: {message}'
        assert 'ends with status' not in message, f'{what}: {message}'


def test_every_exercise_of_code_in_this_process_is_tried_with_wrong_types(all_exercises):
    here = {each.name for each in all_exercises if not each.is_curl and any((each.folder / 'start').glob('*.py'))}
    assert here - {'23_handler'} == set(TRIES)  # that one's runs in a service, which is started for each try


def test_a_loop_without_end_is_ended(work_on):
    message = work_on('request_id', {'request_id.py': 'while True:\n    pass\n'}, timeout=3)
    assert message == 'This does not end within 3 seconds: is there a loop that goes on for ever?'


def test_what_the_students_code_prints_does_no_harm(work_on):
    message = work_on('request_id', {'request_id.py': 'print("{}" * 10000)\nraise KeyError("x")\n'})
    assert message == "request_id.py, line 2: KeyError: 'x'."


def test_a_file_that_is_gone_is_told(work_on):
    message = work_on('token', {'configure.ini': None})
    assert message.startswith('The file configure.ini is gone: "')
    assert 'reset 07_token' in message


BROKEN_INIS = {
    'no ini at all': ('hello\n', 'configure.ini: '),
    'a section twice': ('[app:main]\n[app:main]\n', 'configure.ini: '),
    'nothing in it': ('', 'configure.ini: '),
    'a filter that nobody has': (
        '[pipeline:main]\npipeline = guard app\n[app:app]\npaste.app_factory = routers:app_factory\n',
        'configure.ini: ',
    ),
    'a loop': ('[app:main]\nuse = main\n', 'configure.ini: '),
    'a percent sign': ('[app:main]\npaste.app_factory = routers:app_factory\nx = 100%\n', 'configure.ini: '),
    'not UTF-8': (b'[app:main]\n\xff', 'configure.ini'),
}


@pytest.mark.parametrize('case', BROKEN_INIS)
def test_an_ini_that_is_broken_is_told_in_one_sentence(work_on, case):
    text, says = BROKEN_INIS[case]
    assert says in work_on('token', {'configure.ini': text})


def test_a_curl_script_that_hangs_is_ended(work_on):
    assert 'does not end within 4 seconds' in work_on('list', {'curl.sh': 'sleep 1000\n'}, timeout=4)


def test_a_curl_script_that_is_no_bash_is_judged_by_what_it_sends(work_on):
    assert work_on('list', {'curl.sh': 'if then fi ((\n'}).startswith('No request has reached your cloud yet')


def test_a_fault_of_the_check_itself_is_not_the_students(tmp_path, named, monkeypatch):
    each = named('token')
    monkeypatch.setattr(each.check_module, 'check', lambda student: {}['missing'])
    result = check.judge(each, tmp_path)
    assert (result.passed, result.message.partition(':')[0]) == (
        False,
        'The check of this exercise fails, which is not your fault',
    )


FAKES = {
    'a list': 'open(result, "w").write("[1]")',
    'other words': 'open(result, "w").write(\'{"a": 1}\')',
    'no text': 'open(result, "w").write(\'{"passed": true, "message": 5}\')',
    'too deep': 'open(result, "w").write("[" * 300000)',
    'a folder': 'os.mkdir(result)',
    'a pipe': 'os.mkfifo(result)',
    'its folder gone': 'shutil.rmtree(os.path.dirname(result))',
}


@pytest.mark.parametrize('case', FAKES)
def test_a_result_that_is_none_does_no_harm(work_on, case):
    code = f'import os, shutil, sys\nresult = sys.argv[3]\n{FAKES[case]}\nos._exit(0)\n'
    assert work_on('request_id', {'request_id.py': code}) == 'The check ended half-way: status 0'


@pytest.mark.parametrize('ending', ['raise ValueError(text)', 'print(text)\nos._exit(1)'])
def test_what_is_told_commands_no_terminal_and_has_an_end(work_on, ending):
    code = f'import os\ntext = "\\x1b[2J" + "y" * 100_000\n{ending}\n'
    message = work_on('request_id', {'request_id.py': code})
    assert message.isprintable()
    assert len(message) < 2000


def test_printing_without_end_fills_no_disk(work_on):
    message = work_on('request_id', {'request_id.py': 'while True:\n    print("x" * 1_000_000)\n'})
    assert message == 'request_id.py, line 2: OSError: [Errno 27] File too large.'


def test_an_ini_with_a_byte_order_mark_is_read(tmp_path, named):
    each = named('token')
    (tmp_path / 'configure.ini').write_bytes(
        b'\xef\xbb\xbf' + (each.folder / 'solution' / 'configure.ini').read_bytes()
    )
    assert check.run(each, tmp_path).message == 'Done.'


def test_a_curl_script_with_a_byte_order_mark_is_run(tmp_path, named):
    each = named('list')
    (tmp_path / 'curl.sh').write_bytes(b'\xef\xbb\xbf' + (each.folder / 'solution' / 'curl.sh').read_bytes())
    assert check.run(each, tmp_path).passed


def test_a_curl_script_without_bash_is_told(work_on, monkeypatch):
    monkeypatch.setenv('PATH', '/nowhere')
    message = work_on('list', {'curl.sh': 'curl $URL\n'})
    assert message == 'The commands in curl.sh are run by bash, which is not installed here.'


def test_requests_that_cannot_be_noted_are_told(tmp_path, named):
    (tmp_path / 'requests.log').mkdir()
    result = check.run(named('list'), tmp_path)
    assert result.message == f'What reaches your cloud cannot be noted: {tmp_path}/requests.log: Is a directory.'


def test_a_check_does_not_outlive_whoever_asked_for_it(tmp_path, named):
    shutil.copytree(named('request_id').start, tmp_path, dirs_exist_ok=True)
    started = tmp_path / 'pid'
    code = f'import os\nopen({str(started)!r}, "w").write(str(os.getpid()))\nwhile True: pass\n'
    (tmp_path / 'request_id.py').write_text(code)
    script = (
        'from workshop import check, exercise\n'
        f'check.run(exercise.find(exercise.load_all(), "request_id"), {str(tmp_path)!r}, timeout=300)\n'
    )
    asker = subprocess.Popen([sys.executable, '-c', script], cwd=ROOT)
    assert wait_until(lambda: started.exists() and started.read_text(), 30)
    asker.send_signal(signal.SIGKILL)
    asker.wait(60)
    pid = int(started.read_text())
    assert wait_until(lambda: not is_there(pid), 30)


def test_an_answer_may_be_in_quotes_and_have_a_comment_behind_it(tmp_path, named):
    (tmp_path / 'answers.ini').write_text('; a comment\n# another\na = "one" ; as seen\nb= two words\nc =\nno answer\n')
    student = Student(named('token'), tmp_path)
    assert student.settings('answers.ini') == {'a': 'one', 'b': 'two words', 'c': ''}


def test_a_pipe_where_a_file_should_be_is_told_at_once(tmp_path, named):
    os.mkfifo(tmp_path / 'configure.ini')
    result = check.run(named('token'), tmp_path)
    assert result.message == 'The file configure.ini cannot be read: save it as plain text in UTF-8.'


def test_a_pipe_where_requests_should_be_noted_is_told_at_once(tmp_path, named):
    os.mkfifo(tmp_path / 'requests.log')
    result = check.run(named('list'), tmp_path)
    assert result.message == f'What reaches your cloud cannot be noted: {tmp_path}/requests.log: This is no plain file.'


@pytest.mark.parametrize('code', ['x = bytearray(1 << 40)', 'x = []\nwhile True: x.append(bytearray(1 << 20))'])
def test_memory_without_end_is_told_in_one_sentence(work_on, code):
    message = work_on('request_id', {'request_id.py': f'"""Mine."""\n{code}\n'})
    line = 1 + len(code.splitlines())
    assert message.startswith(f'request_id.py, line {line}: this takes more memory than your code may use here')


STARTED = """
import subprocess, sys, time
sleep = ['setsid', 'sh', '-c', 'echo $$ > {pid}; exec sleep 1000']
{start}
while not open('{pid}', 'a+').tell():
    time.sleep(0.02)
{then}
"""
STARTS = {
    'in a session of its own': 'subprocess.Popen(sleep)',
    'by a parent that has ended': 'subprocess.Popen(["sh", "-c", "setsid " + chr(34) + "$@" + chr(34) + " &", *sleep])',
    'with nothing in its environment': 'subprocess.Popen(sleep, env={"PATH": "/usr/bin:/bin"})',
}


@pytest.mark.parametrize('then', ['raise ValueError', 'while True: pass'])
@pytest.mark.parametrize('case', STARTS)
def test_what_a_students_code_has_started_ends_with_the_check(work_on, tmp_path, case, then):
    pid = tmp_path / 'pid'
    code = STARTED.format(pid=pid, start=STARTS[case], then=then)
    work_on('request_id', {'request_id.py': code}, timeout=8)
    number = int(pid.read_text())
    assert wait_until(lambda: not is_running(number), 5)


def is_running(pid):
    """Whether the process does anything: nobody may have asked yet how it ended."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

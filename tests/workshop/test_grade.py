"""make grade: a line an exercise and the score, from outside."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import warm
from tests.servers import ROOT
from tests.waiting import line_with, next_line, wait_until
from workshop import check, grade
from workshop.work import Work


def workshop(*arguments, **options):
    command = [sys.executable, '-m', 'workshop', *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, **options)


@pytest.fixture
def student(tmp_path, all_exercises):
    """student('ada', done): a folder with these exercises solved, all others as shipped."""

    def student(name, done):
        work = Work(tmp_path / name)
        for each in all_exercises:
            work.prepare(each)
            if each.name in done:
                shutil.copytree(each.folder / 'solution', work.folder(each), dirs_exist_ok=True)
        return work.path

    return student


def test_untouched_work_scores_0_and_the_solutions_score_all(student, all_exercises, tmp_path):
    names = {each.name for each in all_exercises}
    folders = [student('untouched', ()), student('solved', names)]
    arguments = ['grade', '--json', tmp_path / 'results.json', *folders]
    ended = warm.run([sys.executable, '-m', 'workshop', *arguments], cwd=ROOT, timeout=300)
    lines = ended.stdout.splitlines()
    assert (ended.returncode, ended.stderr) == (0, '')
    number = len(names)
    assert [line for line in lines if line.startswith('Score')] == [f'Score: 0/{number}', f'Score: {number}/{number}']
    assert len(lines) == 2 * (number + 2)
    untouched, solved = json.loads((tmp_path / 'results.json').read_text())['students']
    assert (untouched['student'], untouched['score'], untouched['of']) == ('untouched', 0, number)
    assert (solved['student'], solved['score'], solved['of']) == ('solved', number, number)
    assert {each['name'] for each in solved['exercises'] if each['passed']} == names
    assert all(each['message'] for each in untouched['exercises'])


def test_a_folder_without_an_exercise_is_graded_as_shipped_and_not_written_to(tmp_path, named):
    (tmp_path / 'ada').mkdir()
    lines = []
    document = grade.grade([named('list'), named('token')], [tmp_path / 'ada'], lines.append)
    assert lines[-1] == 'Score: 0/2'
    assert document['students'][0]['student'] == 'ada'
    assert list((tmp_path / 'ada').iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path):
    ended = workshop('grade', tmp_path / 'nobody')
    assert (ended.returncode, ended.stdout) == (1, '')
    assert ended.stderr == f'workshop: There is no folder {tmp_path}/nobody.\n'


def test_results_that_cannot_be_written_are_told_before_the_work(tmp_path):
    ended = workshop('grade', '--json', tmp_path / 'nowhere' / 'results.json')
    assert (ended.returncode, ended.stdout) == (1, '')
    assert ended.stderr == f'workshop: {tmp_path}/nowhere/results.json cannot be written: No such file or directory.\n'


def test_results_that_would_be_a_folder_are_told_before_the_work(tmp_path):
    ended = workshop('grade', '--json', tmp_path)
    assert (ended.returncode, ended.stdout) == (1, '')
    assert ended.stderr == f'workshop: {tmp_path} cannot be written: Is a directory.\n'


def test_results_that_find_no_room_are_told(tmp_path):
    with pytest.raises(OSError, match='/dev/full cannot be written: No space left on device.'):
        grade.grade([], [tmp_path], print, Path('/dev/full'))


def test_a_folder_that_no_ini_can_name_is_told_before_the_work(tmp_path):
    (tmp_path / '100%').mkdir()
    ended = workshop('grade', tmp_path, tmp_path / '100%')
    assert (ended.returncode, ended.stdout) == (1, '')
    assert ended.stderr.startswith(f"workshop: '{tmp_path}/100%': no ini can name this folder.")


def test_an_exercise_that_cannot_be_read_is_no_end_of_the_others(tmp_path, named, monkeypatch):
    def refuse(*arguments, **options):
        raise PermissionError(13, 'Permission denied', 'there')

    monkeypatch.setattr(check, 'run', refuse)
    lines = []
    grade.grade([named('list')], [tmp_path], lines.append)
    assert lines[1].endswith(' there: Permission denied.')
    assert lines[-1] == 'Score: 0/1'


def test_whoever_has_no_name_is_a_number(tmp_path, monkeypatch):
    def unknown():
        raise KeyError('uid not found')

    monkeypatch.setattr(grade.getpass, 'getuser', unknown)
    assert grade.grade([], [], print)['students'][0]['student'].isdecimal()


def test_a_reader_who_has_enough_is_no_error(tmp_path):
    command = [sys.executable, '-m', 'workshop', 'grade', str(tmp_path)]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    next_line(running)
    running.stdout.close()
    assert running.wait(120) == 1
    assert running.stderr.read() == ''
    running.stderr.close()


def test_ctrl_c_ends_a_grade_at_once_with_all_that_it_started(student):
    work = student('ada', ())
    for path in work.glob('*/*.py'):
        path.write_text('while True:\n    pass\n')
    command = [sys.executable, '-m', 'workshop', 'grade', str(work)]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    line_with(running, '07_token', seconds=300)  # those with a loop in them are next
    checks = ['pgrep', '-f', f'workshop.check .*{work}']
    assert wait_until(lambda: subprocess.run(checks, capture_output=True).stdout)
    running.send_signal(signal.SIGINT)
    began = time.monotonic()
    assert running.communicate(timeout=60)[1] == '\n'
    assert running.returncode == 1
    assert time.monotonic() - began < 15  # each would be given 20, and there are many
    assert subprocess.run(checks, capture_output=True).stdout == b''


def test_reset_lays_one_exercise_out_anew_and_says_where_the_old_one_is(student):
    work = student('ada', {'07_token'})
    ended = workshop('reset', 'token', '--work', work)
    assert ended.returncode == 0
    assert ended.stdout.startswith(f'07_token is as it was. Your files are kept in {work}/.before-reset/07_token-')
    assert 'token = open-sesame' in (work / '07_token' / 'configure.ini').read_text()


def test_reset_of_another_name_lists_the_names(tmp_path):
    ended = workshop('reset', 'tokens', '--work', tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.startswith('workshop: There is no exercise tokens. There are: 01_list, 02_create,')


@pytest.mark.parametrize('arguments', [[], ['teach'], ['reset']])
def test_other_words_are_answered_with_the_usage(arguments):
    ended = workshop(*arguments)
    assert ended.returncode == 2
    assert ended.stderr.startswith('usage: python -m workshop')

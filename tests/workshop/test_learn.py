"""make learn, as a student has it: in a terminal, with keys, saved files, and curl in a second terminal."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import pytest

from tests.servers import ROOT, TOKEN
from tests.waiting import wait_until
from tests.workshop.terminal import PATIENCE, Terminal
from workshop import exercise as exercises
from workshop import screen
from workshop.work import Work

# pexpect forks, and whoever runs the tests may have threads: a warning from Python 3.12 on
pytestmark = pytest.mark.filterwarnings('ignore:.*multi-threaded, use of forkpty:DeprecationWarning')

COLOUR = re.compile(rb'\x1b\[[0-9;]*(3[0-7]|9[0-7]|38;|4[0-7]|48;)[0-9;]*m')
HEADER = f'X-Auth-Token: {TOKEN["X-Auth-Token"]}'


@pytest.fixture
def work():
    with tempfile.TemporaryDirectory() as folder:  # its path is short, so that it fits into a line of the screen
        yield Work(f'{folder}/work')


@pytest.fixture
def learn(work):
    """learn(width=40): a Terminal with the runner, on a work folder of this test's own; ended with the test."""
    with contextlib.ExitStack() as stack:

        def learn(**options):
            return stack.enter_context(Terminal('-m', 'workshop', 'learn', '--work', str(work.path), **options))

        yield learn


@pytest.fixture
def port_in_use():
    """The ground floor's port is: by us, unless somebody else has it already."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            stack.enter_context(socket.create_server(('127.0.0.1', 8080)))
        yield 'http://127.0.0.1:8080'


def find(name):
    return exercises.find(exercises.load_all(), name)


def curl(*arguments):
    return subprocess.run(['curl', '-s', *arguments], capture_output=True, text=True, timeout=PATIENCE).stdout


def services(work):
    """The process ids of the services of the live cloud."""
    found = subprocess.run(['pgrep', '-f', f'workshop.serve .*{work.path}'], capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


def open_at(work, name):
    """Have the runner begin with this exercise."""
    work.current = find(name).name


def lay_solution(work, name):
    exercise = find(name)
    shutil.copytree(exercise.folder / 'solution', work.folder(exercise), dirs_exist_ok=True)


# The way through


def test_the_first_screen_says_what_to_do_where_and_what_is_wrong(learn, work):
    terminal = learn()
    url = terminal.address()
    words = terminal.wait_for('Not yet: No request has reached your cloud yet')
    for text in (
        f'1. {find("1").title}',
        f'curl {url}/instances',
        f'Your files: {work.path}/01_list',
        'n next h hint l list r run again s solution w why x X-ray q quit',
        f'0/{len(exercises.load_all())}',
    ):
        assert text in words


def test_the_right_request_ends_a_curl_exercise_and_n_goes_on(learn):
    terminal = learn()
    url = terminal.address()
    terminal.wait_for('Not yet')
    terminal.press('n')
    terminal.wait_for('n goes on once this exercise is done')
    curl(f'{url}/instances')
    words = terminal.wait_for('leaves Auth: 403 Forbidden')
    assert '403 GET /instances reaches Auth > Auth refuses: The header X-Auth-Token is missing: ' in words
    curl(f'{url}/instances')
    curl('-H', HEADER, f'{url}/instances')
    words = terminal.wait_for('Done. w says why. n goes on to the next exercise.')
    assert words.count('403 GET /instances') == words.count('403 GET /instances (2 times)') == 1
    assert '200 GET /instances reaches Auth > reaches Router' in words
    assert ' 1/' in words
    terminal.press('n')
    terminal.wait_for(f'2. {find("2").title}')


def test_what_a_key_was_answered_goes_when_it_is_no_longer_so(learn):
    terminal = learn()
    url = terminal.address()
    terminal.wait_for('Not yet')
    terminal.press('n')
    terminal.wait_for(screen.NOT_DONE)
    curl('-H', HEADER, f'{url}/instances')
    terminal.wait_for('Done. w says why. n goes on to the next exercise.')
    assert screen.NOT_DONE not in terminal.words()
    terminal.press('r')
    terminal.wait_for('starting the cloud')
    terminal.press('down')
    terminal.wait_for('Done.')


def test_a_question_about_the_solution_goes_when_the_exercise_is_done(learn):
    terminal = learn()
    url = terminal.address()
    terminal.wait_for('Not yet')
    terminal.press('s')
    terminal.wait_for(screen.TRY_FIRST)
    curl('-H', HEADER, f'{url}/instances')
    terminal.wait_for('Done.')
    assert screen.TRY_FIRST not in terminal.words()


def test_w_says_why_once_the_exercise_is_done(learn, work):
    open_at(work, 'token')
    terminal = learn(height=40)
    terminal.wait_for('Not yet')
    terminal.press('w')
    terminal.wait_for(screen.WHY_LATER)
    ini = work.folder(find('token')) / 'configure.ini'
    ini.write_text(ini.read_text().replace('open-sesame', 'my-own'))
    terminal.wait_for('Done. w says why. n goes on to the next exercise.')
    terminal.press('w')
    words = terminal.wait_for('Read on: workshop/walkthrough/02-the-guard.md. In this cloud: auth.py, filter_factory.')
    assert '-token = my-own' in words
    assert '+token = lemon-tree' in words


def test_the_home_key_goes_back_to_the_beginning_of_the_task(learn):
    terminal = learn(height=16)
    terminal.wait_for('Not yet')
    terminal.press('end')
    terminal.wait_for('Home to the beginning')
    terminal.press('home')
    terminal.wait_for('Your own small cloud')


def test_a_saved_file_ends_a_code_exercise_and_the_cloud_runs_with_it(learn, work):
    open_at(work, 'token')
    terminal = learn()
    terminal.wait_for('Not yet: The token open-sesame still gets in')
    url = terminal.address()
    lay_solution(work, 'token')
    terminal.wait_for('Done.')
    assert 'forbidden' in curl('-H', HEADER, f'{url}/instances')


def test_a_solution_that_is_shown_names_the_process_that_runs_now(learn, work):
    open_at(work, 'registry')
    terminal = learn(width=100, height=60)
    terminal.wait_for('Not yet')
    terminal.press('s')
    terminal.wait_for('press s again')
    terminal.press('s')
    before = re.search(r'kill "(\d+)"', terminal.wait_for('Solution'))[1]
    terminal.press('r')
    words = terminal.wait_for(f'kill "{before}"', gone=True)
    assert int(re.search(r'kill "(\d+)"', words)[1]) in services(work)


def test_every_key_that_is_shown_does_something(learn):
    terminal = learn()
    terminal.wait_for('Not yet')
    for key, _ in screen.KEYS['task'][:-1]:
        terminal.press(key)
        terminal.press('z')  # is none: once it is refused, the key before it has been read
        terminal.wait_for({'l': 'number, Enter open', 'x': 'up/down scroll'}.get(key, 'There is no key z here'))
        assert f'There is no key {key}' not in terminal.words()
        terminal.press('escape')
        terminal.wait_for('There is no key', gone=True)
    assert screen.KEYS['task'][-1] == ('q', 'quit')
    terminal.press('q')
    assert terminal.wait() == 0


def test_a_second_save_overtakes_the_check_of_the_first(learn, work):
    open_at(work, 'request_id')
    terminal = learn()
    terminal.wait_for('Not yet')
    filter_file = work.folder(find('request_id')) / 'request_id.py'
    with_loop = filter_file.read_text().replace('    def __call__', '    while True:\n        pass\n\n    def __call__')
    filter_file.write_text(with_loop)
    terminal.wait_for('starting the cloud')
    lay_solution(work, 'request_id')
    terminal.wait_for('Done.')


def test_progress_survives_a_restart(learn, work):
    terminal = learn()
    curl('-H', HEADER, f'{terminal.address()}/instances')
    terminal.wait_for('Done.')
    terminal.press('q')
    assert terminal.wait() == 0
    assert work.passed == {'01_list'}
    words = learn().wait_for('Not yet')
    assert f'2. {find("2").title}' in words
    assert ' 1/' in words


def test_after_the_last_exercise_there_is_a_closing_screen(learn, work):
    for exercise in exercises.load_all()[1:]:
        work.record(exercise, True)
    terminal = learn()
    curl('-H', HEADER, f'{terminal.address()}/instances')
    terminal.wait_for('Done. w says why. So are all the others: n goes to the end.')
    terminal.press('n')
    terminal.wait_for(f'All {len(exercises.load_all())} exercises are done.')
    terminal.press('l')
    terminal.wait_for('Esc back')


# The keys


def test_hints_grow_with_each_h(learn):
    terminal = learn(height=50)
    terminal.wait_for('Not yet')
    hints = len(find('1').hints())
    for number in range(1, hints + 1):
        terminal.press('h')
        words = terminal.wait_for(f'Hint {number}')
        assert f'Hint {number + 1}' not in words
    terminal.press('h')
    terminal.wait_for('There are no more hints.')
    terminal.wait_for(f"curl -H '{HEADER}' {terminal.address()}/instances")


def test_the_solution_is_shown_once_asked_twice(learn, work):
    open_at(work, 'token')
    terminal = learn()
    terminal.wait_for('Not yet')
    terminal.press('s')
    assert 'token = lemon-tree' not in terminal.wait_for('press s again')
    terminal.press('s')
    terminal.wait_for('Solution')
    terminal.press(*['down'] * 40)
    terminal.wait_for('+token = lemon-tree')


def test_the_list_shows_what_is_done_and_opens_an_exercise_by_number_or_arrows(learn, work):
    work.record(find('2'), True)
    terminal = learn(height=50)
    terminal.wait_for('Not yet')
    terminal.press('l')
    words = terminal.wait_for('Esc back')
    assert f'> 1 {find("1").title}' in words
    assert f'2 done {find("2").title}' in words
    assert f'workshop reset 01_list --work {work.path}' in words
    terminal.press('escape')
    terminal.wait_for('h hint')
    terminal.press('l', '0', '7')
    terminal.wait_for(f'> 7 {find("7").title}')
    terminal.press('enter')
    terminal.wait_for('Not yet: The token open-sesame still gets in')
    terminal.press('l', 'down', 'down', 'up', 'enter')
    following = next(each for each in exercises.load_all() if each.number > 7)
    terminal.wait_for(f'{following.number}. {following.title}')


def test_a_number_that_is_no_exercise_is_told(learn):
    terminal = learn()
    terminal.wait_for('Not yet')
    terminal.press('l', '9', '9')
    terminal.wait_for('Number: 99_')
    terminal.press('backspace')
    terminal.wait_for('Number: 9_')
    terminal.press('9', 'enter')
    terminal.wait_for('There is no exercise 99.')


def test_r_starts_the_cloud_again(learn, work):
    terminal = learn()
    terminal.wait_for('Not yet')
    before = services(work)
    terminal.press('r')
    assert wait_until(lambda: services(work) and not set(before) & set(services(work)))
    assert wait_until(lambda: 'inst-0' in curl('-H', HEADER, f'{terminal.address()}/instances'))


def test_commands_typed_or_pasted_here_are_sent_to_a_second_terminal(learn):
    terminal = learn()
    terminal.wait_for('Not yet')
    terminal.press('c')
    terminal.wait_for('There is no key c here. Commands go into a second terminal.')
    terminal.press(f'\x1b[200~curl -H "{HEADER}" http://127.0.0.1:8080/instances\r\x1b[201~')
    terminal.wait_for('Commands go into a second terminal: this one takes single keys.')


# The end


@pytest.mark.parametrize('key', ['q', 'ctrl-c'])
def test_q_and_ctrl_c_end_everything_and_leave_the_terminal_as_it_was(learn, work, key):
    terminal = learn()
    terminal.wait_for('Not yet')
    assert services(work)
    terminal.press(key)
    assert terminal.wait() == 0
    assert services(work) == []
    assert f'Your files are in {work.path}. "make learn" goes on from here.'.encode() in terminal.raw
    for entered, left in (
        (b'\x1b[?1049h', b'\x1b[?1049l'),
        (b'\x1b[?25l', b'\x1b[?25h'),
        (b'\x1b[?2004h', b'\x1b[?2004l'),
    ):
        assert terminal.raw.count(entered) == terminal.raw.count(left) == 1
    assert terminal.echoes()


def test_ctrl_c_while_the_cloud_starts_ends_everything_too(learn, work):
    terminal = learn()
    terminal.wait_for('starting the cloud')
    terminal.press('ctrl-c')
    assert terminal.wait() == 0
    assert services(work) == []


@pytest.mark.parametrize('signum', [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_ends_everything(learn, work, signum):
    terminal = learn()
    terminal.wait_for('Not yet')
    terminal.kill(signum)
    assert terminal.wait() == 128 + signum
    assert services(work) == []
    assert terminal.echoes()


def test_a_closed_terminal_ends_everything(learn, work):
    terminal = learn()
    terminal.wait_for('Not yet')
    assert services(work)
    terminal.hang_up()
    assert wait_until(lambda: not terminal.process.isalive())
    assert services(work) == []
    with work.lock():  # and the next runner may have it
        pass


def test_x_shows_the_walk_of_the_last_request_and_of_earlier_ones(learn):
    terminal = learn()
    url = terminal.address()
    terminal.wait_for('Not yet')
    curl(f'{url}/instances')
    curl('-H', HEADER, f'{url}/instances')
    terminal.wait_for('200 GET /instances')
    terminal.press('x')
    terminal.wait_for('action Controller.index')
    terminal.press('h')
    words = terminal.wait_for('REFUSES')
    assert 'request 2 of 2' in words
    terminal.press('q')
    terminal.wait_for('r run again')


# Terminals


def test_a_small_terminal_shows_the_task_the_message_and_the_keys(learn):
    terminal = learn(width=40, height=12)
    words = terminal.wait_for('Not yet: No request')
    assert f'1. {find("1").title}' in words
    assert 'more below: arrow down' in words
    assert 'n next h hint l list r run again s solution w why x X-ray q quit' in words
    terminal.press(*['down'] * 40)
    terminal.wait_for('ground floor: http://')
    terminal.press(*['up'] * 40)
    terminal.wait_for(f'1. {find("1").title}')
    terminal.press('h')
    terminal.wait_for('Hint 1')


def test_a_resized_terminal_is_drawn_anew(learn):
    terminal = learn()
    terminal.wait_for('Not yet')
    terminal.resize(40, 12)
    terminal.wait_for('more below')
    terminal.resize(100, 40)
    words = terminal.wait_for('ground floor: http://')
    assert 'more below' not in words
    assert 'q quit' in words


@pytest.mark.parametrize('size', [(20, 5), (10, 3), (1, 1)])
def test_a_tiny_terminal_breaks_nothing(learn, size):
    terminal = learn(width=size[0], height=size[1])
    assert wait_until(lambda: terminal.read() and b'\x1b[2K' in terminal.raw)
    terminal.resize(100, 40)
    terminal.wait_for('Not yet')


def test_there_are_colours_unless_no_color_is_set(learn, work):
    terminal = learn()
    terminal.wait_for('Not yet')
    terminal.press('q')
    terminal.wait()
    assert COLOUR.search(terminal.raw)
    plain = learn(environ={'NO_COLOR': '1'})
    plain.wait_for('Not yet')
    plain.press('h', 's', 's', 'l')
    plain.wait_for('Esc back')
    plain.press('q')
    plain.wait()
    assert not COLOUR.search(plain.raw)


def test_a_dumb_terminal_gets_lines(learn):
    terminal = learn(height=60, environ={'TERM': 'dumb'})
    terminal.wait_for('Not yet')
    terminal.press('h')
    terminal.wait_for('Hint 1')
    terminal.press('q')
    assert terminal.wait() == 0
    assert b'\x1b' not in terminal.raw


def test_a_closed_input_is_no_terminal(work):
    command = 'exec "$0" -m workshop learn --work "$1" <&-'
    ended = subprocess.run(
        ['sh', '-c', command, sys.executable, str(work.path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (ended.returncode, ended.stdout) == (1, '')
    assert ended.stderr.startswith('"make learn" needs a terminal.')


def test_without_a_terminal_one_line_names_make_grade(work):
    command = [sys.executable, '-m', 'workshop', 'learn', '--work', str(work.path)]
    ended = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE
    )
    assert (ended.returncode, ended.stdout) == (1, '')
    assert ended.stderr == '"make learn" needs a terminal. Without one, "make grade" says how far you are.\n'


# Bad luck


def test_a_second_runner_says_that_one_is_open(learn):
    learn().wait_for('Not yet')
    second = learn()
    assert second.wait() == 1
    assert second.words().startswith('"make learn" is open in another terminal')
    assert 'Traceback' not in second.words()


def test_with_its_port_in_use_the_cloud_takes_another_and_shows_it(learn, port_in_use):
    url = learn().address()
    assert url != port_in_use
    assert 'inst-0' in curl('-H', HEADER, f'{url}/instances')


def test_a_service_that_dies_is_told_and_r_starts_it_again(learn, work):
    terminal = learn()
    terminal.wait_for('Not yet')
    subprocess.run(['kill', '-9', *map(str, services(work))], check=True)
    terminal.wait_for('ground floor has ended by itself: r starts it again.')
    terminal.press('r')
    terminal.wait_for('ended by itself', gone=True)
    assert wait_until(lambda: 'inst-0' in curl('-H', HEADER, f'{terminal.address()}/instances'))


def test_a_deleted_work_folder_is_laid_out_again_and_progress_kept(learn, work):
    terminal = learn()
    curl('-H', HEADER, f'{terminal.address()}/instances')
    terminal.wait_for('Done.')
    terminal.press('n')
    terminal.wait_for('Not yet')
    subprocess.run(['rm', '-rf', str(work.path)])  # which may meet what is laid out meanwhile
    words = terminal.wait_for('Your folder 02_create was gone. It has been laid out again.')
    assert ' 1/' in words
    terminal.wait_for('Not yet')
    assert wait_until(lambda: work.passed == {'01_list'})
    assert (work.folder(find('2')) / 'curl.sh').exists()
    assert wait_until(
        lambda: 'demo_one' in curl('-H', HEADER, '-d', 'name=demo_one', f'{terminal.address()}/instances')
    )
    terminal.wait_for('Done.')


def test_a_syntax_error_is_told_in_one_line_until_it_is_gone(learn, work):
    open_at(work, 'request_id')
    terminal = learn()
    terminal.wait_for('Not yet')
    folder = work.folder(find('request_id'))
    (folder / 'request_id.py').write_text('def filter_factory(:\n')
    words = terminal.wait_for('Not yet: request_id.py, line 1: Python cannot read this')
    assert 'Traceback' not in words
    lay_solution(work, 'request_id')
    terminal.wait_for('Done.')


def test_a_broken_ini_is_told_in_one_line(learn, work):
    open_at(work, 'token')
    terminal = learn()
    terminal.wait_for('Not yet')
    (work.folder(find('token')) / 'configure.ini').write_text('[pipeline:main\n')
    terminal.wait_for('Not yet: configure.ini')
    terminal.wait_for('ground floor: does not run')
    lay_solution(work, 'token')
    terminal.wait_for('Done.')
    terminal.address()


def test_with_a_broken_ini_from_the_start_the_task_has_the_documented_address(learn, work):
    open_at(work, 'token')
    work.prepare(find('token'))
    (work.folder(find('token')) / 'configure.ini').write_text('[pipeline:main\n')
    terminal = learn()
    words = terminal.wait_for('Not yet: configure.ini')
    assert 'your cloud at http://127.0.0.1:8080 runs with' in words


def test_what_a_check_knows_about_a_cloud_that_does_not_start_is_told(learn, work):
    open_at(work, 'server')
    terminal = learn()
    terminal.wait_for('Not yet')
    ini = work.folder(find('server')) / 'configure.ini'
    ini.write_text(ini.read_text().replace('egg:waitress#main', 'egg:Paste#httpd'))
    terminal.wait_for("Not yet: configure.ini: LookupError: Entry point 'httpd' not found in egg 'Paste'")
    terminal.wait_for('The line "use" is written egg:PACKAGE#NAME, as it was for waitress')


def test_a_cloud_that_does_not_start_is_told_though_the_check_knows_nothing_of_it(learn, work):
    open_at(work, 'list')
    terminal = learn()
    curl('-H', HEADER, f'{terminal.address()}/instances')
    terminal.wait_for('Done.')
    (work.folder(find('list')) / 'configure.ini').write_text('[pipeline:main\n')
    terminal.wait_for('Not yet: configure.ini')
    terminal.wait_for('checking', gone=True)
    assert 'Not yet: configure.ini' in terminal.words()


def test_reset_on_the_side_brings_the_exercise_back(learn, work):
    open_at(work, 'token')
    terminal = learn()
    terminal.wait_for('Not yet')
    lay_solution(work, 'token')
    terminal.wait_for('Done.')
    command = [sys.executable, '-m', 'workshop', 'reset', 'token', '--work', str(work.path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE)
    assert ' 0/' in terminal.wait_for('Not yet: The token open-sesame still gets in')


def test_a_check_that_hangs_keeps_nobody_who_leaves(learn, work):
    open_at(work, 'request_id')
    terminal = learn()
    terminal.wait_for('Not yet')
    filter_file = work.folder(find('request_id')) / 'request_id.py'
    filter_file.write_text(
        filter_file.read_text().replace('return self.app', 'while True: pass\n        return self.app')
    )
    terminal.wait_for('starting the cloud')
    terminal.wait_for('checking')
    terminal.press('q')
    began = time.monotonic()
    assert terminal.wait() == 0
    assert time.monotonic() - began < 15  # it would be given 20


def test_on_another_port_it_stays_there_when_it_starts_again(learn, work, port_in_use):
    open_at(work, 'token')
    terminal = learn(height=40)
    url = terminal.address()
    terminal.wait_for('Not yet')
    lay_solution(work, 'token')
    terminal.wait_for('Done.')
    assert terminal.address() == url


def test_a_killed_runner_leaves_no_service_behind(learn, work):
    terminal = learn()
    terminal.wait_for('Not yet')
    assert services(work)
    terminal.kill(signal.SIGKILL)
    assert wait_until(lambda: not services(work))


def test_a_work_folder_that_became_a_file_is_told_until_it_is_gone(learn, work):
    terminal = learn()
    terminal.wait_for('Not yet')
    work.path.rename(f'{work.path}.mine')
    work.path.write_text('')
    terminal.wait_for(f'{work.path}: File exists.')
    work.path.unlink()
    terminal.wait_for('Your folder 01_list was gone. It has been laid out again.')
    assert (work.folder(find('1')) / 'curl.sh').exists()


def test_a_journal_that_became_a_folder_is_told_until_it_is_gone(learn, work):
    terminal = learn()
    terminal.wait_for('Not yet')
    log = work.folder(find('1')) / 'requests.log'
    log.unlink(missing_ok=True)
    log.mkdir()
    terminal.press('r')
    terminal.wait_for('Not yet: What reaches your cloud cannot be noted:')
    log.rmdir()
    terminal.press('r')
    terminal.wait_for('Not yet: No request has reached your cloud yet')


# What is no plain file


@pytest.mark.parametrize('make', [os.mkfifo, lambda path: os.symlink('/nowhere/at/all', path)])
@pytest.mark.parametrize('name', ['requests.log', 'notes.py', 'other.ini', 'configure.ini'])
def test_a_pipe_or_a_dangling_link_among_the_files_keeps_nobody_waiting(learn, work, make, name):
    open_at(work, 'token')
    folder = work.folder(find('token'))
    work.prepare(find('token'))
    (folder / name).unlink(missing_ok=True)
    make(folder / name)
    terminal = learn()
    terminal.wait_for(
        {
            'configure.ini': 'The file configure.ini',
            'requests.log': 'Not yet',
        }.get(name, 'Not yet: The token open-sesame still gets in')
    )
    terminal.press('q')
    assert terminal.wait() == 0


@pytest.mark.parametrize('make', [os.mkfifo, lambda path: os.symlink('/nowhere/at/all', path)])
def test_a_pipe_or_a_dangling_link_in_the_folders_place_is_told(learn, work, make):
    open_at(work, 'token')
    make(work.folder(find('token')))
    terminal = learn()
    terminal.wait_for('This is no folder. "python -m workshop reset 07_token" lays one out')
    assert terminal.wait() == 1

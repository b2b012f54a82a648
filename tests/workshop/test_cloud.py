"""A student's own cloud: real processes, on ports and with data of their own."""

import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest

from tests.servers import ROOT, TOKEN
from tests.waiting import line_with
from workshop.cloud import Cloud, CloudError

ALICE = {'X-Auth-Token': 'alice-token'}
FORM = {'Content-Type': 'application/x-www-form-urlencoded'}
JSON = {'Content-Type': 'application/json'}
NEW_IMAGE = '{"name": "cirros", "disk_format": "raw", "container_format": "bare"}'
HELLO_INI = '[app:main]\npaste.app_factory = hello:app_factory\n[server:main]\nuse = egg:waitress#main\n'


@pytest.fixture
def student(tmp_path):
    folder = tmp_path / 'student'
    folder.mkdir()
    return folder


@pytest.fixture
def cloud(tmp_path, student):
    """cloud({'ground': 'configure.ini'}): a Cloud that is not started, and stopped when the test ends."""
    made = []

    def cloud(services, **options):
        made.append(Cloud(services, student, tmp_path / f'run-{len(made)}', **options))
        return made[-1]

    yield cloud
    for each in made:
        each.stop()


def test_every_request_is_recorded_with_its_answer_and_its_steps(cloud):
    with cloud({'ground': 'configure.ini'}) as running:
        status, headers, body = running.request('ground', 'GET', '/instances?limit=1', TOKEN)
        running.request('ground', 'POST', '/instances', {**TOKEN, **FORM}, 'name=x')
        running.request('ground', 'GET', '/instances')
        first, second, third = running.exchanges
    assert (first.service, first.method, first.path, first.query) == ('ground', 'GET', '/instances', {'limit': '1'})
    assert first.headers['x-auth-token'] == 'open-sesame'
    assert (first.status, first.answer) == (status, body.decode()) == (200, body.decode())
    assert first.answer_headers['x-openstack-request-id'] == headers['x-openstack-request-id']
    assert first.json['instances'][0]['name'] == 'inst-0'
    assert first.steps == [
        'reaches RequestId: GET /instances',
        'reaches TransLogger',
        'reaches FaultWrapper',
        'reaches Auth',
        'reaches Router',
        'matches the route /instances',
        'calls Controller.index()',
        'leaves Router: 200 OK',
        'leaves Auth: 200 OK',
        'leaves FaultWrapper: 200 OK',
        'leaves TransLogger: 200 OK',
        'leaves RequestId: 200 OK',
    ]
    assert (second.body, second.status) == ('name=x', 201)
    assert second.headers['content-type'] == FORM['Content-Type']
    assert third.status == 403
    assert third.steps[4].startswith('Auth refuses: The header X-Auth-Token is missing: ')


def test_two_clouds_have_ports_and_data_of_their_own(cloud):
    services = {'glance': 'glance-api.ini'}
    with cloud(services) as one, cloud(services) as other:
        assert one.urls['glance'] != other.urls['glance']
        one.request('glance', 'POST', '/v2/images', {**ALICE, **JSON}, NEW_IMAGE)
        assert b'cirros' in one.request('glance', 'GET', '/v2/images', ALICE)[2]
        assert b'cirros' not in other.request('glance', 'GET', '/v2/images', ALICE)[2]


def test_bytes_that_are_no_text_are_recorded_by_their_md5(cloud):
    data = os.urandom(200_000)
    with cloud({'glance': 'glance-api.ini'}) as running:
        answer = running.request('glance', 'POST', '/v2/images', {**ALICE, **JSON}, NEW_IMAGE)
        path = urlsplit(answer[1]['location']).path
        upload = {**ALICE, 'Content-Type': 'application/octet-stream'}
        assert running.request('glance', 'PUT', f'{path}/file', upload, data)[0] == 204
        assert running.request('glance', 'GET', f'{path}/file', ALICE)[2] == data
        running.stop()
        put, got = running.exchanges[-2:]
    assert put.body is got.answer is None
    assert put.body_md5 == got.answer_md5 == hashlib.md5(data).hexdigest()


def test_the_students_ini_and_modules_come_first(cloud, student):
    (student / 'hello.py').write_text(
        'def app_factory(global_config):\n'
        '    def app(environ, start_response):\n'
        "        start_response('200 OK', [('Content-Length', '2')])\n"
        "        return [b'hi']\n"
        '    return app\n'
    )
    (student / 'configure.ini').write_text(HELLO_INI)
    with cloud({'ground': 'configure.ini'}) as running:
        assert running.request('ground', 'GET', '/')[2] == b'hi'
    assert sorted(path.name for path in student.iterdir()) == ['configure.ini', 'hello.py']


@pytest.mark.parametrize(
    ('text', 'says'),
    [
        ('def app_factory(:\n', 'hello.py, line 1: Python cannot read this (invalid syntax).'),
        ('import sys\nsys.exit(1)\n', 'hello.py, line 2: the program ended here (sys.exit or exit): let it go on.'),
        ('', "configure.ini: AttributeError: module 'hello' has no attribute 'app_factory'."),
    ],
)
def test_a_service_that_does_not_start_says_why_in_one_line(cloud, student, text, says):
    (student / 'hello.py').write_text(text)
    (student / 'configure.ini').write_text(HELLO_INI)
    running = cloud({'ground': 'configure.ini', 'registry': 'glance-registry.ini'})
    with pytest.raises(CloudError) as error:
        running.start()
    assert str(error.value) == says
    assert running.processes == {}


def test_a_documented_port_that_is_in_use_gives_way_to_another(cloud):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(('127.0.0.1', 8080))
            taken.listen()
        except OSError:
            pass  # somebody else has it: as good
        with cloud({'ground': 'configure.ini'}, own_ports=False) as running:
            assert not running.urls['ground'].endswith(':8080')
            assert running.request('ground', 'GET', '/instances', TOKEN)[0] == 200


def test_the_services_know_each_other(cloud):
    with cloud({'glance': 'glance-api.ini', 'registry': 'glance-registry.ini'}) as running:
        assert running.request('glance', 'GET', '/v1/images', ALICE)[0] == 200
        assert {each.service for each in running.exchanges} == {'glance', 'registry'}
        running.kill('registry')
        assert running.dead() == ['registry']
        assert running.request('glance', 'GET', '/v1/images', ALICE)[0] == 503
        assert running.places().keys() == {'DATA', 'GLANCE', 'GLANCE_PID', 'REGISTRY', 'REGISTRY_PID'}


def test_no_service_outlives_a_runner_that_was_killed(tmp_path, student):
    script = (
        'import sys, time\nfrom workshop.cloud import Cloud\n'
        f'cloud = Cloud({{"ground": "configure.ini"}}, {str(student)!r}, {str(tmp_path / "run")!r})\n'
        'cloud.start()\nprint(cloud.places()["PID"], flush=True)\ntime.sleep(60)\n'
    )
    runner = subprocess.Popen([sys.executable, '-c', script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    pid = int(line_with(runner, r'\d+')[0])
    runner.send_signal(signal.SIGKILL)
    runner.wait(60)
    runner.stdout.close()
    deadline = time.monotonic() + 15
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(pid)


def is_alive(pid):
    try:
        with open(f'/proc/{pid}/stat') as stat:
            return stat.read().rpartition(')')[2].split()[0] != 'Z'
    except FileNotFoundError:
        return False


def test_a_port_that_was_taken_in_the_last_moment_is_given_up(cloud, monkeypatch):
    running = cloud({'ground': 'configure.ini'})
    with socket.create_server(('127.0.0.1', 0)) as taken:
        port, choose = taken.getsockname()[1], running.choose_ports
        in_the_way = iter([{'ground': port}])
        monkeypatch.setattr(running, 'choose_ports', lambda: (choose(), running.ports.update(next(in_the_way, {}))))
        running.start()
        assert running.request('ground', 'GET', '/instances', TOKEN)[0] == 200


HELLO_APP = (
    'def app_factory(global_config):\n'
    '    def app(environ, start_response):\n'
    '        print("x" * 200_000, flush=True)\n'
    "        start_response('200 OK', [('Content-Length', '2')])\n"
    "        return [b'hi']\n"
    '    return app\n'
)


def test_what_the_students_code_prints_goes_to_the_log(cloud, student):
    (student / 'hello.py').write_text('print("http://nowhere")\n' + HELLO_APP)
    (student / 'configure.ini').write_text(HELLO_INI)
    with cloud({'ground': 'configure.ini'}) as running:
        for _ in range(2):
            assert running.request('ground', 'GET', '/')[2] == b'hi'
        assert running.log('ground').startswith('http://nowhere')


def test_ctrl_c_and_a_hang_up_mean_what_they_do_though_a_background_job_ignores_them(cloud, student):
    asks = 'import signal\nprint([signal.getsignal(each) for each in (signal.SIGINT, signal.SIGHUP)], flush=True)\n'
    (student / 'hello.py').write_text(asks + HELLO_APP)
    (student / 'configure.ini').write_text(HELLO_INI)
    with ignored(signal.SIGINT), ignored(signal.SIGHUP), cloud({'ground': 'configure.ini'}) as running:
        assert running.log('ground').splitlines()[0] == f'{[signal.default_int_handler, signal.SIG_DFL]}'


@contextlib.contextmanager
def ignored(signum):
    before = signal.signal(signum, signal.SIG_IGN)
    yield
    signal.signal(signum, before)


@pytest.mark.parametrize('name', ['token', 'logging', 'server', 'workshop'])
def test_a_students_file_that_is_called_like_one_of_ours_does_no_harm(cloud, student, name):
    (student / f'{name}.py').write_text('')
    with cloud({'ground': 'configure.ini'}) as running:
        assert running.request('ground', 'GET', '/instances', TOKEN)[0] == 200


def test_a_folder_called_as_an_ini_and_a_byte_order_mark_do_no_harm(cloud, student):
    (student / 'more.ini').mkdir()
    (student / 'configure.ini').write_bytes(b'\xef\xbb\xbf' + (ROOT / 'configure.ini').read_bytes())
    with cloud({'ground': 'configure.ini'}) as running:
        assert running.request('ground', 'GET', '/instances', TOKEN)[0] == 200


def test_a_folder_with_a_colon_in_its_name_is_found(tmp_path):
    folder = tmp_path / 'ada: 1'
    folder.mkdir()
    (folder / 'hello.py').write_text(HELLO_APP)
    (folder / 'configure.ini').write_text(HELLO_INI)
    with Cloud({'ground': 'configure.ini'}, folder, tmp_path / 'run') as running:
        assert running.request('ground', 'GET', '/')[2] == b'hi'


def test_what_the_students_code_started_ends_with_the_cloud(cloud, student, tmp_path):
    start = 'import subprocess\nprint(subprocess.Popen(["sleep", "600"]).pid, flush=True)\n'
    (student / 'hello.py').write_text(start + HELLO_APP)
    (student / 'configure.ini').write_text(HELLO_INI)
    with cloud({'ground': 'configure.ini'}) as running:
        pid = int(running.log('ground').split()[0])
        assert is_alive(pid)
    deadline = time.monotonic() + 15
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(pid)

"""server.py from outside: a real process, a real socket."""

import contextlib
import json
import os
import re
import runpy
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
import types
import urllib.error
import urllib.request

import pytest

from cloud.oslo.service import wsgi as service
from tests.servers import ROOT, TOKEN, read_all, read_answer, run_server
from tests.waiting import join, line_with, wait_until

REQUEST_ID = re.compile(r'req-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}')
GET = b'GET /instances HTTP/1.1\r\nHost: cloud\r\nX-Auth-Token: open-sesame\r\nConnection: close\r\n\r\n'


def get(running, path='/instances', token=TOKEN, timeout=10):
    with urllib.request.urlopen(urllib.request.Request(running.url + path, headers=token), timeout=timeout) as answer:
        return answer, json.load(answer)


# -- starting


def test_it_prints_where_it_listens_and_a_first_curl_that_works(start):
    running = start('configure.ini', 'main', '--port', '0')
    assert running.banner == f'main of configure.ini listens on {running.url} (Ctrl-C stops it)\n'
    command = line_with(running.process, '^Try: (.*)')[1]
    shown = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60)
    assert len(json.loads(shown.stdout)['instances']) == 3


def test_without_arguments_it_serves_main_of_configure_ini_where_the_ini_says(tmp_path):
    with socket.create_server(('127.0.0.1', 0)) as free:
        port = free.getsockname()[1]
    for file in ('auth.py', 'routers.py', 'controllers.py', 'wsgi.py', 'server.py', 'cloud'):
        (tmp_path / file).symlink_to(ROOT / file)
    (tmp_path / 'configure.ini').write_text((ROOT / 'configure.ini').read_text().replace('8080', str(port)))
    process = subprocess.Popen(
        [sys.executable, 'server.py'], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert line_with(process, f'http://127.0.0.1:{port} ')
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


def test_name_picks_the_app_without_its_filter(start):
    assert len(get(start('configure.ini', 'instance'), token={})[1]['instances']) == 3


def test_host_picks_the_address(start):
    running = start('--host', '127.0.0.2')
    assert running.host == '127.0.0.2'
    assert len(get(running)[1]['instances']) == 3


def test_an_ipv6_address_is_printed_in_brackets(monkeypatch):
    listener = types.SimpleNamespace(getsockname=lambda: ('::1', 8080, 0, 0))
    monkeypatch.setattr(service, 'listen', lambda host, port: listener)
    assert service.Server(ROOT / 'configure.ini', host='::1').url == 'http://[::1]:8080'


def test_an_ipv6_address_is_listened_on_or_one_line_says_that_this_machine_has_none(start):
    if this_machine_has('::1'):
        running = start('--host', '::1')
        assert running.url.startswith('http://[::1]:')
        assert len(get(running)[1]['instances']) == 3
    else:
        assert 'cannot listen on ::1 port 0: ' in refused('--host', '::1', '--port', '0')


def this_machine_has(address):
    try:
        socket.create_server((address, 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def test_a_folder_may_have_any_name(start, tmp_path):
    folder = tmp_path / 'my c# cloud ü'
    folder.mkdir()
    (folder / 'my.ini').write_text((ROOT / 'configure.ini').read_text())
    assert len(get(start(str(folder / 'my.ini')))[1]['instances']) == 3


def test_an_ini_without_a_first_curl_prints_none(start, ini):
    running = start(ini('first_curl = ', 'something_else = '))
    running.send_signal()
    running.wait(60)
    assert running.process.stdout.read() == ''


def test_the_commented_paste_server_takes_waitress_place(start, tmp_path):
    above, commented = (ROOT / 'configure.ini').read_text().split('; [server:main]\n')
    swapped = above.replace('\n[server:main]', '\n[server:waitress]') + '[server:main]\n' + commented.replace('; ', '')
    (tmp_path / 'paste.ini').write_text(swapped)
    running = start(str(tmp_path / 'paste.ini'))
    line_with(running.process, 'serving on')  # its own line, once it really listens
    answer, document = get(running)
    assert answer.headers['Server'].startswith('PasteWSGIServer')
    assert len(document['instances']) == 3
    running.send_signal()
    assert running.wait() == 0


def test_what_a_students_filter_prints_is_there_when_it_is_printed(start, with_filter):
    passes = 'lambda environ, start_response: print("so far") or app(environ, start_response)'
    running = start(with_filter(f'def filter_factory(config):\n    return lambda app: {passes}'))
    assert len(get(running)[1]['instances']) == 3
    assert line_with(running.process, 'so far')


def test_it_serves_with_its_stdin_and_stdout_closed(tmp_path):
    log = tmp_path / 'log'
    with socket.create_server(('127.0.0.1', 0)) as free:
        port = free.getsockname()[1]
    command = f'exec "{sys.executable}" server.py -v --port {port} <&- >&- 2>"{log}"'
    process = subprocess.Popen(['sh', '-c', command], cwd=ROOT)
    try:
        assert wait_until(lambda: answers(port) or process.poll() is not None)
        assert answers(port), log.read_text()
    finally:
        process.terminate()
        process.wait(60)


def answers(port):
    try:
        with socket.create_connection(('127.0.0.1', port), timeout=60):
            return True
    except OSError:
        return False


def refused(*arguments):
    """What server.py says when it cannot start: exactly one line, on stderr."""
    ended = run_server(*arguments)
    assert ended.returncode != 0
    assert ended.stdout == ''
    assert 'Traceback' not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    return ended.stderr


def test_a_missing_file_is_one_line(tmp_path):
    assert 'nowhere.ini' in refused(str(tmp_path / 'nowhere.ini'))


def test_an_unknown_name_is_one_line():
    assert "No section 'nobody'" in refused('configure.ini', 'nobody', '--port', '0')


@pytest.mark.parametrize(('old', 'new', 'said'), [
    ('[pipeline:main]', 'pipeline', 'changed.ini'),
    ('token = open-sesame', 'tokens = open-sesame', 'token = '),
    ('port = 8080', 'port = eighty', 'eighty'),
    ('port = 8080', 'port = 99999', '99999'),
    ('port = 8080', 'port =', 'is not a port'),
    ('pipeline = auth instance', 'pipeline =', 'IndexError'),
    ('auth:filter_factory', 'nobody:filter_factory', 'nobody'),
    ('auth:filter_factory', 'auth:nobody', 'nobody'),
    ('egg:waitress#main', 'egg:nobody#main', 'nobody'),
    ('\n[server:main]', '\n[server:other]', 'server'),
])  # fmt: skip
def test_a_mistake_in_the_ini_is_one_line(ini, old, new, said):
    assert said in refused(ini(old, new), *(() if old.startswith('port') else ('--port', '0')))


def test_an_option_that_the_server_refuses_is_one_line(ini):
    ended = run_server(ini('threads = 8', 'threads = many'), '--port', '0')
    assert ended.returncode == 1
    assert ended.stderr.startswith('server.py: [server:main] threads = many: invalid literal')
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stdout == ''


@pytest.mark.parametrize(('code', 'said'), [
    ('def filter_factory(global_config:', 'SyntaxError: '),
    ('def filter_factory(config):\n    return nobody', "NameError: name 'nobody' is not defined ("),
    ('def filter_factory(config):\n    return nobody', 'broken.py, line 2; '),
    ('def filter_factory(config):\n    pass', "TypeError: 'NoneType' object is not callable"),
    ('def filter_factory(config):\n    raise ValueError("do this")', 'server.py: do this\n'),
])  # fmt: skip
def test_a_mistake_in_a_students_file_is_one_line_that_says_where(with_filter, code, said):
    assert said in refused(with_filter(code), '--port', '0')


def test_without_the_libraries_one_line_says_what_installs_them(monkeypatch):
    monkeypatch.setitem(sys.modules, 'cloud.oslo.middleware.translogger', None)
    with pytest.raises(SystemExit, match='"make run" installs what is needed'):
        runpy.run_path(str(ROOT / 'server.py'))


def test_a_port_in_use_is_one_line_that_says_what_to_do(start):
    running = start()
    said = refused('--port', str(running.port))
    assert f'cannot listen on 127.0.0.1 port {running.port}: ' in said
    assert '--port' in said


def test_where_the_port_is_in_use_the_application_does_nothing_at_its_start(start, with_filter, tmp_path):
    began = tmp_path / 'began'
    path = with_filter(f'def filter_factory(config):\n    open({str(began)!r}, "x")\n    return lambda app: app')
    refused(path, '--port', str(start().port))
    assert not began.exists()


@pytest.mark.parametrize('option', ['listen = *:8080', 'unix_socket = /tmp/cloud.sock', 'sockets = 3', 'ipv6 = false'])
def test_an_address_that_is_not_host_and_port_is_refused_by_its_name(ini, option):
    said = refused(ini('threads = 8', option), '--port', '0')
    name = option.split()[0]
    assert said == f'server.py: [server:main] {name}: this server listens at host and port alone: write these instead\n'


def test_the_host_star_is_every_address_of_this_machine(start, ini):
    running = start(ini('host = 127.0.0.1', 'host = *'))
    assert running.host == '0.0.0.0'
    assert len(get(running)[1]['instances']) == 3


def test_options_that_need_each_other_are_taken_together(start, ini):
    running = start(ini('threads = 8', 'trusted_proxy = 127.0.0.1\ntrusted_proxy_count = 1'))
    assert len(get(running)[1]['instances']) == 3


def test_options_that_contradict_each_other_are_one_line(ini):
    said = refused(
        ini('threads = 8', 'trusted_proxy_headers = forwarded x-forwarded-for\ntrusted_proxy = *'), '--port', '0'
    )
    assert said.startswith('server.py: [server:main]')


def test_a_module_beside_the_ini_is_found(start, tmp_path):
    (tmp_path / 'nearby.py').write_text('import auth\n\nfilter_factory = auth.filter_factory\n')
    text = (ROOT / 'configure.ini').read_text().replace('auth:filter_factory', 'nearby:filter_factory')
    (tmp_path / 'near.ini').write_text(text)
    assert len(get(start(str(tmp_path / 'near.ini')))[1]['instances']) == 3


def test_a_module_beside_the_ini_does_not_take_the_place_of_one_of_the_projects(start, tmp_path):
    (tmp_path / 'auth.py').write_text('raise NameError')
    (tmp_path / 'near.ini').write_text((ROOT / 'configure.ini').read_text())
    assert len(get(start(str(tmp_path / 'near.ini')))[1]['instances']) == 3


def test_an_ini_with_a_byte_order_mark_is_read(start, tmp_path):
    text = (ROOT / 'configure.ini').read_text()
    (tmp_path / 'other.ini').write_text(text, encoding='utf-8-sig')
    (tmp_path / 'mark.ini').write_text(
        '[app:main]\nuse = config:other.ini\n[server:main]\nuse = config:other.ini\n', encoding='utf-8-sig'
    )
    assert len(get(start(str(tmp_path / 'mark.ini')))[1]['instances']) == 3


def test_an_address_of_somebody_else_is_one_line():
    assert 'cannot listen on 192.0.2.1' in refused('--host', '192.0.2.1')


@pytest.mark.parametrize('port', ['-1', '65536', 'http', '٨٠', ''])
def test_a_port_that_is_none_is_refused(port):
    ended = run_server('--port', port)
    assert ended.returncode == 2
    assert 'a number from 0 to 65535' in ended.stderr


# -- logs


def test_each_request_is_one_line_in_the_access_log(start):
    running = start()
    get(running)
    (line,) = running.log().splitlines()
    assert re.fullmatch(r'127\.0\.0\.1 - - \[.*\] "GET /instances HTTP/1\.1" 200 \d+ "-" "Python-urllib/.*"', line)


def test_every_answer_carries_a_request_id_of_its_own(stranger, client):
    answers = [client.get('/instances'), stranger.get('/instances', status=403), client.get('/nowhere', status=404)]
    ids = [answer.headers['X-Openstack-Request-Id'] for answer in answers]
    assert all(REQUEST_ID.fullmatch(request_id) for request_id in ids)
    assert len(set(ids)) == 3


def steps(running, path, token=TOKEN):
    """What -v logs of one request, without its id, which all lines must carry."""
    already = len(running.log().splitlines())
    try:
        answer, _ = get(running, path, token)
    except urllib.error.HTTPError as error:
        answer = error
        error.close()
    status, request_id = answer.status, answer.headers['X-Openstack-Request-Id']
    lines = running.log().splitlines()[already:]
    assert all(line.startswith(request_id + ' ') for line in lines)
    return status, [line.removeprefix(request_id + ' ') for line in lines]


def test_verbose_shows_every_step(start):
    running = start('-v')
    one = get(running)[1]['instances'][0]['id']
    status, lines = steps(running, f'/instances/{one}')
    assert status == 200
    assert '" 200 ' in lines.pop(10)
    assert lines == [
        f'reaches RequestId: GET /instances/{one}',
        'reaches TransLogger',
        'reaches FaultWrapper',
        'reaches Auth',
        'reaches Router',
        'matches the route /instances/{instance_id}',
        f"calls Controller.show(instance_id='{one}')",
        'leaves Router: 200 OK',
        'leaves Auth: 200 OK',
        'leaves FaultWrapper: 200 OK',
        'leaves TransLogger: 200 OK',
        'leaves RequestId: 200 OK',
    ]


def test_verbose_says_who_refused_and_nobody_else(start):
    running = start('-v')
    assert inside(steps(running, '/instances', token={})) == [
        'reaches Auth',
        "Auth refuses: The header X-Auth-Token is missing: send it with the token from the ini's [filter:auth].",
        'leaves Auth: 403 Forbidden',
    ]
    assert inside(steps(running, '/nowhere')) == [
        'reaches Auth',
        'reaches Router',
        'Router refuses: There is nothing at this path: this service answers at /instances, /instances/{instance_id}.',
        'leaves Router: 404 Not Found',
        'leaves Auth: 404 Not Found',
    ]
    assert inside(steps(running, '/instances/nobody'))[2:5] == [
        'matches the route /instances/{instance_id}',
        "calls Controller.show(instance_id='nobody')",
        'Controller.show refuses: There is no instance nobody: GET /instances lists those there are.',
    ]


def inside(seen):
    """The lines of the ini's own pipeline."""
    _, lines = seen
    start = lines.index('reaches FaultWrapper') + 1
    return lines[start : next(n for n, line in enumerate(lines) if line.startswith('leaves FaultWrapper'))]


@pytest.fixture
def with_filter(tmp_path, monkeypatch):
    """with_filter(code): the path of an ini whose filter is the filter_factory of that code."""

    def with_filter(code):
        (tmp_path / 'broken.py').write_text(textwrap.dedent(code))
        text = (ROOT / 'configure.ini').read_text().replace('auth:filter_factory\n', 'broken:filter_factory\n')
        (tmp_path / 'broken.ini').write_text(text.replace('token = open-sesame\n', ''))
        monkeypatch.setenv('PYTHONPATH', str(tmp_path))
        return str(tmp_path / 'broken.ini')

    return with_filter


FAILING_FILTER = """
    class Broken:
        def __init__(self, app):
            self.app = app

        def __call__(self, environ, start_response):
            {}

    def filter_factory(global_config):
        return Broken
"""


@pytest.mark.parametrize(('line', 'logged'), [
    ('raise NameError("secret")', 'NameError: secret'),
    ('self.app(environ, start_response)', 'is there a "return" missing?'),
])  # fmt: skip
def test_a_filter_that_fails_is_a_500_in_novas_shape_and_the_log_says_why(start, with_filter, line, logged):
    running = start(with_filter(FAILING_FILTER.format(line)))
    with pytest.raises(urllib.error.HTTPError) as failed:
        get(running)
    with failed.value as answer:
        document = answer.read()
    assert json.loads(document)['computeFault']['code'] == answer.status == 500
    assert b'secret' not in document
    log = running.log()
    assert f'{answer.headers["X-Openstack-Request-Id"]} GET /instances failed' in log  # without -v, too
    assert logged in log
    assert '"GET /instances HTTP/1.1" 500 ' in log


def test_a_client_cannot_write_lines_or_colours_into_the_log(start):
    running = start('-v')
    running.exchange(b'GET /a%0Afake%1B[31m HTTP/1.1\r\nHost: x\r\nUser-Agent: \x9b31m\xe2\x80\xa8\r\n\r\n')
    log = running.log()
    assert r'GET /a\nfake\x1b[31m' in log
    assert r'\x9b31m' in log
    assert '\x1b' not in log
    assert '\x9b' not in log
    assert not any(line.startswith('fake') for line in log.splitlines())


# -- stopping


@pytest.fixture
def slow_ini(tmp_path):
    """An ini whose app answers after as many seconds as its path says."""
    (tmp_path / 'slow_app.py').write_text(
        textwrap.dedent("""
        import time

        def app_factory(global_config):
            def app(environ, start_response):
                time.sleep(float(environ['PATH_INFO'][1:]))
                start_response('200 OK', [('Content-Type', 'text/plain')])
                return [b'slept ' * 200000]
            return app
    """)
    )
    path = tmp_path / 'slow.ini'
    path.write_text(
        '[app:main]\npaste.app_factory = slow_app:app_factory\n'
        '[server:main]\nuse = egg:waitress#main\nport = 0\nthreads = 1\n'
    )
    os.environ['PYTHONPATH'] = str(tmp_path)
    yield str(path)
    del os.environ['PYTHONPATH']


def slow_request(running, seconds):
    connection = running.connect(timeout=30)
    connection.sendall(f'GET /{seconds} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'.encode())
    return connection


@pytest.mark.parametrize('signum', [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_an_idle_server_with_0(start, signum):
    running = start()
    get(running)
    running.send_signal(signum)
    assert running.wait(5) == 0


@pytest.mark.parametrize('signum', [signal.SIGTERM, signal.SIGINT])
def test_a_signal_finishes_what_is_under_way_and_what_waits_and_exits_0(start, slow_ini, signum):
    running = start(slow_ini)
    first, second = slow_request(running, 1), slow_request(running, 0.1)  # one thread: the second waits
    time.sleep(0.5)
    running.send_signal(signum)
    for connection in (first, second):
        with connection:
            answer = read_all(connection)
        assert answer.startswith(b'HTTP/1.1 200 OK')
        assert answer.count(b'slept ') == 200000
    assert running.wait() == 0


def test_a_request_that_is_still_arriving_is_finished_too(start):
    running = start()
    with running.connect() as connection:
        connection.sendall(GET[:40])
        time.sleep(0.4)
        running.send_signal()
        time.sleep(0.4)
        connection.sendall(GET[40:])
        assert read_all(connection).startswith(b'HTTP/1.1 200 OK')
    assert running.wait() == 0


def test_an_answer_that_is_not_read_yet_is_sent_to_its_end(start, slow_ini):
    running = start(slow_ini)
    with slow_request(running, 0) as connection:
        time.sleep(0.5)  # the application is done, and most of its answer waits in the server
        running.send_signal()
        time.sleep(0.5)
        assert read_all(connection).count(b'slept ') == 200000
    assert running.wait() == 0


def test_a_request_that_is_sent_but_not_read_yet_is_answered(start):
    running = start()
    with running.connect() as connection:
        connection.sendall(GET.replace(b'Connection: close\r\n', b''))
        read_answer(connection)
        running.send_signal(signal.SIGSTOP)
        connection.sendall(GET)
        running.send_signal()
        running.send_signal(signal.SIGCONT)
        assert read_all(connection).startswith(b'HTTP/1.1 200 OK')
    assert running.wait() == 0


def test_an_empty_host_is_this_machine_and_no_other(start, ini):
    assert start(ini('host = 127.0.0.1', 'host =')).host == '127.0.0.1'


def test_a_host_that_does_not_exist_is_one_line():
    assert 'there is no such address' in refused('--host', 'nobody.invalid')


def test_a_stopping_server_takes_no_new_connection(start, slow_ini):
    running = start(slow_ini)
    with slow_request(running, 1.5) as old:
        time.sleep(0.4)
        running.send_signal()
        time.sleep(0.4)
        with slow_request(running, 0) as new:
            assert b'slept' in read_all(old)
            assert read_all(new) == b''
    assert running.wait() == 0


def test_a_second_signal_does_not_wait(start):
    running = start()
    with running.connect() as connection:
        connection.sendall(GET[:40])
        time.sleep(0.4)
        running.send_signal()
        time.sleep(0.4)
        while not running.log():
            assert running.process.poll() is None
            time.sleep(0.05)
        assert running.log() == 'finishing the requests under way; Ctrl-C again leaves at once\n'
        running.send_signal()
        assert running.wait(3) == 0


# -- many and slow clients


def test_there_is_room_for_far_more_than_a_hundred_connections(start):
    running = start()
    with contextlib.ExitStack() as stack:
        for _ in range(400):
            stack.enter_context(running.connect())
        assert len(get(running, timeout=5)[1]['instances']) == 3


def test_fifty_dripping_clients_keep_nobody_waiting(start):
    running = start()
    stop, drippers = threading.Event(), [running.connect() for _ in range(50)]

    def drip():
        for byte in GET[:-10]:
            for connection in drippers:
                connection.sendall(bytes([byte]))
            if stop.wait(1):
                return

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        for _ in range(20):
            assert len(get(running, timeout=3)[1]['instances']) == 3
            time.sleep(0.1)
    finally:
        stop.set()
        join(thread)
        for connection in drippers:
            connection.close()


def test_two_servers_side_by_side_know_nothing_of_each_other(start):
    one, other = start(), start()
    request = urllib.request.Request(one.url + '/instances', b'name=demo_one', TOKEN)
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 201
    assert len(get(one)[1]['instances']) == 4
    assert len(get(other)[1]['instances']) == 3

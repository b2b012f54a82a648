"""What runs the documentation must itself be strict, and leave nothing behind."""

import types

import pytest

from tests.console import document, plugin
from tests.console import shell as console
from tests.console.compare import Ids
from tests.servers import ROOT


@pytest.fixture
def ids():
    return Ids()


@pytest.fixture
def shell():
    shell = console.Shell()
    yield shell
    shell.close()


@pytest.fixture
def run(shell, ids):
    """run(block): None, or what is wrong with it."""

    def run(block):
        example = types.SimpleNamespace(namespace={'shell': shell, 'ids': ids}, parsed=block)
        return plugin.evaluate(example)

    return run


def test_wrong_output_is_reported_with_both_texts(run):
    assert run('$ echo one\ntwo') == '$ echo one\nthe document says:\ntwo\nit printed:\none'


def test_what_is_typed_stays_out_of_the_checkout(run, shell):
    assert run("$ echo '# changed' >> auth.py; rm configure.ini; tail -n 1 auth.py\n# changed") is None
    assert '# changed' not in (ROOT / 'auth.py').read_text()
    assert (ROOT / 'configure.ini').exists()


def test_the_copy_is_gone_afterwards():
    shell = console.Shell()
    assert (shell.project / 'cloud' / 'tokens.ini').exists()
    shell.close()
    assert not shell.home.exists()


def test_a_file_that_the_reader_saves_is_served_with_what_stands_beside_it(run, shell):
    module = '# hello.py\ndef factory(global_config):\n    return lambda environ, start_response: None\n'
    server = '[server:main]\nuse = egg:waitress#main\nport = 8081\n'
    ini = f'; hello.ini\n[app:main]\npaste.app_factory = hello:factory\n{server}'
    for text in (module, ini, 'print("no file")\n'):
        document.save(types.SimpleNamespace(namespace={'shell': shell}, parsed=text))
    serves = '$ .venv/bin/python server.py hello.ini -v\nmain of hello.ini listens on http://127.0.0.1:8081 (...'
    assert run(serves) is None
    assert run('$ curl http://127.0.0.1:8081/\n{"computeFault": ...}') is None
    assert 'GET / failed' in run(f'{serves}nothing else')


def test_a_terminal_goes_on_and_ctrl_c_ends_it(run):
    started = '$ make run\nmain of configure.ini listens on http://127.0.0.1:8080 (Ctrl-C stops it)\nTry: ...'
    assert run(started) is None
    assert run('$ curl -o /dev/null http://127.0.0.1:8080/') is None
    assert run('127.0.0.1 - - [22/Nov/2026:03:28:42 +0000] "GET / HTTP/1.1" 403 131 "-" "curl/7.88.1"\n^C') is None
    assert run('$ curl http://127.0.0.1:8080/\ncurl: (7) Failed to connect...') is None
    assert run(started) is None


def test_a_server_that_cannot_start_says_why(run):
    assert run('$ .venv/bin/python server.py nothing.ini\nserver.py: ...nothing.ini...') is None


def test_a_server_that_is_to_be_ended_has_to_be_there_until_then(run):
    with pytest.raises(AssertionError, match='has ended before its Ctrl-C: server.py: .*nothing.ini'):
        run('$ .venv/bin/python server.py nothing.ini\n...\n^C')


def test_a_server_is_killed_by_its_port(run):
    assert run('$ make registry PORT=9191\nmain of ...') is None
    assert run("$ pkill -f -- '--port 9191'\n$ curl http://127.0.0.1:9191/\ncurl: (7) ...") is None


def test_a_command_that_never_ends_is_given_up(run, shell):
    shell.time_limit = 0.2
    with pytest.raises(AssertionError, match='took too long'):
        run('$ sleep 60')


@pytest.mark.parametrize(
    'command',
    [
        "pkill -f -- '--port 9191'",
        'echo; kill 1',
        'sleep 1 && kill -9 1',
        'if true; then kill 1; fi',
        "cat > notes <<'END'; kill 1\nnotes\nEND",
        'end() { true; }\nkill 1',
    ],
)
def test_after_a_kill_the_plug_in_waits_for_a_server_to_end(command):
    assert console.kills(command)


@pytest.mark.parametrize(
    'command',
    [
        'echo skill; ls killed/ pkill.txt',
        "cat > lab.sh <<'END'\nkill 1\nEND\nls",
        'cat <<END > lab.sh\nkill 1\nEND',
        'end() {  # NAME\n    kill 1\n}\nls',
        'end() { kill $1; }',
    ],
)
def test_a_kill_in_a_file_or_a_function_is_none_yet(command):
    assert not console.kills(command)


def test_what_a_reader_makes_is_a_stray_unless_git_ignores_it(run, shell):
    assert shell.strays() == []
    assert run("$ mkdir -p data/lab; touch data/lab/glance.log stray.py '.stray of mine'; echo >> auth.py") is None
    assert shell.strays() == ['.stray of mine', 'stray.py']


def test_the_copy_has_the_workshop_but_nobodys_work(run, shell):
    assert not (shell.project / 'workshop' / 'work').exists()
    assert not [*shell.project.rglob('__pycache__')]
    assert run('$ make grade\n...\n...01_list...\n...\nScore: 0/...') is None

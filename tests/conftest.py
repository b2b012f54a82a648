import contextlib
import itertools

import pytest
from webtest import TestApp

import server
from tests.servers import ROOT, TOKEN, RunningServer


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """What was logged may hold half a character, which a test has sent: such a text cannot go to another process."""
    report = yield
    report.sections = [(name, text.encode(errors='backslashreplace').decode()) for name, text in report.sections]
    return report


@pytest.fixture
def app():
    return server.load_app(ROOT / 'configure.ini')


@pytest.fixture
def stranger(app):
    """A client in-process, under WebTest's WSGI validator, without a token."""
    return TestApp(app)


@pytest.fixture
def client(app):
    """The same, with the token."""
    client = TestApp(app)
    client.extra_environ = {'HTTP_X_AUTH_TOKEN': TOKEN['X-Auth-Token']}
    return client


@pytest.fixture
def start(tmp_path):
    """start('configure.ini', '-v'): a RunningServer with these arguments, ended when the test ends."""
    numbers = itertools.count()
    with contextlib.ExitStack() as stack:

        def start(*arguments, **options):
            running = RunningServer(arguments, tmp_path / f'server-{next(numbers)}.log', **options)
            stack.callback(running.end)
            return running

        yield start


@pytest.fixture(scope='session')
def shared_server(tmp_path_factory):
    """One server for the tests that only talk to it."""
    running = RunningServer([], tmp_path_factory.mktemp('server') / 'server.log')
    yield running
    running.end()


@pytest.fixture
def ini(tmp_path):
    """ini(old, new, ...): the path of a copy of configure.ini in which each old text is replaced."""

    def write(*changes, name='changed.ini'):
        text = (ROOT / 'configure.ini').read_text()
        for old, new in itertools.zip_longest(changes[::2], changes[1::2]):
            assert old in text, f'configure.ini has no {old!r}'
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(text)
        return str(path)

    return write

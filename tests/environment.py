"""The tests' own environment: the same on every machine, whoever starts them, and from wherever.

Whatever is set there and not named here is gone before anything is started: proxies, PYTHONPATH, PYTHONUNBUFFERED, a
locale, pip's settings, other people's OS_CLOUD. A signal that a background job, cron or nohup has these tests ignore is
not ignored by what they start. And what is not installed is said at once, in one line.

A pytest plug-in: `-p tests.environment` in pyproject.toml. Its own tests: tests/test_environment.py.
"""

import os
import resource
import shutil
import signal
import tempfile

import pytest

PASSED = (
    'PATH',  # where the commands are
    'TMPDIR',  # where there is room
    'PYTEST_ADDOPTS',  # what pytest shall be told besides
    'STATEFUL_EXAMPLES',  # how long tests/cloud/glance/test_stateful.py tries
)
# Python writes and reads UTF-8 then, wherever that locale is known or none is.
SET = {'LC_ALL': 'C.UTF-8'}
NEEDED = {'bash': 'bash', 'make': 'make', 'curl': 'curl', 'ps': 'procps', 'pgrep': 'procps', 'pkill': 'procps'}
FILES = 4096  # hundreds of clients, and the server's own limit
# Python has those two ignored itself, and subprocess restores them.
PYTHONS_OWN = {signal.SIGPIPE, signal.SIGXFSZ}


def named(environ):
    """Those of the variables that the tests may see."""
    return {**{name: environ[name] for name in PASSED if name in environ}, **SET}


def missing(path=None):
    """One line that says which commands the tests need that are not there, and what installs them; '' if all are."""
    commands = [command for command in NEEDED if not shutil.which(command, path=path)]
    packages = ' '.join(sorted({NEEDED[command] for command in commands}))
    return (
        f'the tests need {", ".join(commands)}: on Debian and Ubuntu, sudo apt install {packages}' if commands else ''
    )


def too_few_files():
    """One line, if this process may not open the files that the tests of many connections need; '' if it may."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    few = hard != resource.RLIM_INFINITY and hard < FILES
    return f'the tests need {FILES} open files, and only {hard} are allowed here (ulimit -Hn)' if few else ''


def take_over():
    """Make this process's environment the tests' own, with a home that is empty; the home."""
    home = tempfile.TemporaryDirectory(prefix='toycloud-home-', ignore_cleanup_errors=True)
    environ = named(os.environ)
    os.environ.clear()
    os.environ.update(environ, HOME=home.name)
    os.umask(0o022)
    return home


def heed_signals():
    """A signal that is ignored is inherited by what is started; one that is caught, by a function, is not."""
    for number in signal.valid_signals() - PYTHONS_OWN:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


@pytest.hookimpl(tryfirst=True)  # before pytest-cov sets variables, which the processes that are started shall have
def pytest_load_initial_conftests(early_config):
    if complaint := missing() or too_few_files():
        raise pytest.UsageError(complaint)
    if 'PYTEST_XDIST_WORKER' not in os.environ:  # those have the environment of the first process already
        early_config.add_cleanup(take_over().cleanup)


@pytest.hookimpl(tryfirst=True)  # pytest-xdist has one that comes to an end only with the tests
def pytest_runtestloop(session):  # not before: pytest-xdist's workers shall ignore what this process ignores
    heed_signals()

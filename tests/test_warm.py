"""A warm process is what a process started anew would be, but sooner: subprocess is the oracle."""

import os
import signal
import subprocess
import sys

import pytest

from tests import warm
from tests.waiting import is_there, line_with, wait_until

SCRIPTS = {
    'says where and what it is': """
        import os, sys
        from resource import RLIMIT_NOFILE, getrlimit
        print(sys.argv, __name__, os.getcwd(), sys.path, sorted(os.environ.items()), sys.dont_write_bytecode)
        print(os.getsid(0) == os.getpid(), sys.stdin.read(), os.get_inheritable(0), getrlimit(RLIMIT_NOFILE))
    """,
    'has an exit status': 'import sys\nsys.exit(3)',
    'says why it ends': 'import sys\nsys.exit("because")',
    'ends in an error': 'raise ValueError("of its own")',
    'is killed': 'import os\nos.kill(os.getpid(), 9)',
    'ends without a word': 'import os\nprint("lost")\nos._exit(4)',
    'waits for its threads, and does what is left for the end': """
        import atexit, threading, time
        atexit.register(print, 'at the end')
        threading.Thread(target=lambda: (time.sleep(0.1), print('of a thread'))).start()
    """,
    'has none of the product but what a check has': """
        import sys
        print([name for name in ('server', 'auth', 'routers', 'controllers', 'cloud.glance', 'cloud.nova', 'pytest',
              'tests.servers') if name in sys.modules])
    """,
}


def dedent(text):
    return '\n'.join(line[8:] if line.startswith(' ' * 8) else line for line in text.splitlines())


@pytest.fixture
def folder(tmp_path):
    (tmp_path / 'elsewhere').mkdir()
    return tmp_path


@pytest.mark.parametrize('way', ['file', 'module'])
@pytest.mark.parametrize('case', SCRIPTS)
def test_it_does_as_one_that_is_started_anew(folder, case, way):
    (folder / 'script.py').write_text(dedent(SCRIPTS[case]))
    arguments = [str(folder / 'script.py')] if way == 'file' else ['-m', 'script']
    command = [sys.executable, *arguments, 'an argument']
    path = os.pathsep.join([str(folder / 'elsewhere'), str(folder)])
    environ = {'PYTHONPATH': path, 'PYTHONDONTWRITEBYTECODE': '1', 'LC_ALL': 'C.UTF-8'}
    options = {'cwd': folder / 'elsewhere', 'env': environ, 'start_new_session': True, 'timeout': 30}
    anew = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)
    warmed = warm.run(command, **options)
    assert (warmed.returncode, warmed.stdout) == (anew.returncode, anew.stdout)
    assert warmed.stderr.splitlines()[-1:] == anew.stderr.splitlines()[-1:]


def test_it_is_spoken_to_and_ended(tmp_path):
    script = tmp_path / 'script.py'
    script.write_text('print(input(), flush=True)\ninput()\n')
    process = warm.Process([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process.stdin, process.stdout:
        process.stdin.write(b'hello\n')
        process.stdin.flush()
        assert line_with(process, '^hello$')
        assert process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.01)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == process.poll() == -signal.SIGTERM
    process.kill()  # which does nothing to whoever has its number now


def test_what_one_imports_no_other_has(tmp_path):
    (tmp_path / 'mine.py').write_text('value = 1\n')
    script = tmp_path / 'script.py'
    script.write_text('import sys\nprint("mine" in sys.modules)\nimport mine\nmine.value += 1\nprint(mine.value)\n')
    for _ in range(2):
        assert warm.run([sys.executable, script], timeout=30).stdout == 'False\n2\n'


def test_its_parent_ends_with_whoever_asked_for_it(tmp_path):
    script = tmp_path / 'script.py'
    script.write_text('import os, time\nprint(os.getppid(), flush=True)\nwhile os.getppid() != 1: time.sleep(0.01)\n')
    process = warm.Process([sys.executable, script], stdout=subprocess.PIPE, text=True)
    with process.stdout:
        parent = int(line_with(process, r'\d+')[0])
    process.keeper.close()
    assert wait_until(lambda: not is_there(parent))
    assert wait_until(lambda: not is_there(process.pid))

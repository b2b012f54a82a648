import os
import subprocess
import sys
import threading

import pytest

from cloud.nova import cancel, exception
from cloud.nova.openstack.common.lockutils import lock
from tests.servers import ROOT
from tests.waiting import join, line_with


def test_one_thread_at_a_time_is_inside(tmp_path):
    inside, most, go = 0, [], threading.Barrier(8, timeout=60)

    def work():
        nonlocal inside
        go.wait()
        for _ in range(20):
            with lock(str(tmp_path), 'x'):
                inside += 1
                most.append(inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    join(*threads)
    assert (max(most), len(most)) == (1, 160)


HOLD = """
import sys
from cloud.nova import cancel, exception
from cloud.nova.openstack.common.lockutils import lock
with lock(sys.argv[1], 'x'):
    print('inside', flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_process(tmp_path):
    """A process that is inside, until its stdin is closed."""
    command = [sys.executable, '-c', HOLD, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert line_with(process, '^inside$')
        yield process
        process.kill()


def enter(folder, name, entered):
    with lock(str(folder), name):
        entered.set()


@pytest.mark.parametrize('ends', ['leaves', 'is killed'])
def test_another_process_keeps_us_out_until_it_leaves_or_dies(tmp_path, other_process, ends):
    entered = threading.Event()
    waiting = threading.Thread(target=enter, args=(tmp_path, 'x', entered))
    waiting.start()
    assert not entered.wait(0.1)
    if ends == 'leaves':
        other_process.stdin.close()
    else:
        other_process.kill()
    assert entered.wait(10)
    join(waiting)


def test_who_has_another_name_or_folder_does_not_wait(tmp_path, other_process):
    enter(tmp_path, 'y', threading.Event())
    enter(tmp_path / 'other', 'x', threading.Event())


@pytest.mark.parametrize('name', ['a/b', '../x', '..', '', None, 'ü' * 1000, 'http://host/v1/images/x'])
def test_any_name_is_one_file_in_the_folder(tmp_path, name):
    with lock(str(tmp_path / 'locks'), name):
        (made,) = os.listdir(tmp_path / 'locks')
    assert made.startswith('nova-')
    assert os.listdir(tmp_path) == ['locks']


def test_what_fails_inside_leaves_the_lock_free(tmp_path):
    with pytest.raises(ValueError, match='x'), lock(str(tmp_path), 'x'):
        raise ValueError('x')
    enter(tmp_path, 'x', threading.Event())


def test_who_waits_for_a_lock_and_is_cancelled_waits_no_longer(tmp_path):
    work = cancel.Cancellation()
    threading.Timer(0.1, work.cancel).start()
    refused = pytest.raises(exception.BuildCancelled)
    with lock(str(tmp_path), 'x'), work.watched(), refused, lock(str(tmp_path), 'x'):
        raise AssertionError('it was let in')
    with lock(str(tmp_path), 'x'):
        pass

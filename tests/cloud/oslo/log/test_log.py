import logging

import pytest

from cloud.oslo.log import log

SWITCHES = ('_srcfile', 'logThreads', 'logProcesses', 'logMultiprocessing', 'logAsyncioTasks')
LOG = logging.getLogger(__name__)


@pytest.fixture(autouse=True)
def restored(monkeypatch):
    """What a test switches off is on again for the next one."""
    for switch in SWITCHES:
        monkeypatch.setattr(logging, switch, getattr(logging, switch, True), raising=False)


def looked_up(caplog):
    LOG.warning('one')
    record = caplog.records[-1]
    return record.filename, record.threadName, record.process


def test_what_no_line_shows_is_not_looked_up(caplog):
    log.setup(verbose=False)
    assert looked_up(caplog) == ('(unknown file)', None, None)


def test_verbose_knows_where_each_line_comes_from(caplog):
    log.setup(verbose=True)
    filename, thread, process = looked_up(caplog)
    assert filename == 'test_log.py'
    assert thread
    assert process

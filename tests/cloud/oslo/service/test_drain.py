"""The drain's own decisions; what a signal does to a real server, tests/test_server.py says."""

import signal

import pytest

from cloud.oslo.service.drain import Drain


class Connection:
    """Stands in for a connection of waitress's, with these signs of work."""

    def __init__(self, **signs):
        self.accepting = True
        self.__dict__.update(signs)


@pytest.fixture
def busy():
    return Drain({7: Connection(request='half of it')})


def test_it_waits_only_for_the_grace(busy, monkeypatch):
    alarms = []
    monkeypatch.setattr(signal, 'signal', lambda *args: None)
    monkeypatch.setattr(signal, 'setitimer', lambda *args: alarms.append(args))
    busy.stop(signal.SIGTERM, None)
    busy.leave_when_idle()
    assert len(alarms) == 2
    busy.stop_by = 0
    with pytest.raises(SystemExit) as left:
        busy.leave_when_idle()
    assert left.value.code == 0


def test_where_there_are_no_timers_it_leaves_at_once(busy, monkeypatch):
    monkeypatch.delattr(signal, 'setitimer')
    with pytest.raises(SystemExit):
        busy.stop(signal.SIGINT, None)

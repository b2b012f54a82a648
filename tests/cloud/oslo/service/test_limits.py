"""How many connections fit into the files that a process may open; what a server makes of it, test_channel.py says."""

import resource

import pytest

from cloud.oslo.service import limits


@pytest.fixture
def files(monkeypatch):
    """files(soft, hard): these are the process's limits; a list that gets what it asks for instead."""
    asked = []

    def files(soft, hard):
        monkeypatch.setattr(limits, 'limits', lambda: (soft, hard))
        monkeypatch.setattr(resource, 'setrlimit', lambda which, values: asked.append(values))
        return asked

    return files


def test_where_there_are_enough_files_nothing_changes(files, caplog):
    asked = files(4096, 4096)
    assert limits.fit_connections(500, 8) == 500
    assert asked == []
    assert caplog.text == ''


@pytest.mark.parametrize('hard', [4096, resource.RLIM_INFINITY])
def test_the_soft_limit_is_raised_as_far_as_it_is_needed(files, caplog, hard):
    asked = files(256, hard)
    assert limits.fit_connections(500, 8) == 500
    assert asked == [(1096, hard)]
    assert caplog.text == ''


def test_where_it_cannot_be_raised_there_are_fewer_connections_and_one_line_says_so(files, caplog):
    files(256, 256)
    assert limits.fit_connections(500, 8) == 80
    (line,) = caplog.messages
    assert line == (
        'connection_limit = 500: this process may open only 256 files (ulimit -n), so it takes 80 connections at a time'
    )


def test_a_system_that_refuses_more_than_it_said_leaves_what_there_is(files, monkeypatch):
    files(256, 4096)

    def refuse(which, values):
        raise ValueError

    monkeypatch.setattr(resource, 'setrlimit', refuse)
    assert limits.fit_connections(500, 8) == 80


def test_select_knows_1024_files_however_many_there_are(files):
    files(4096, 4096)
    assert limits.fit_connections(1000, 8) == 1000
    assert limits.fit_connections(1000, 8, use_poll=False) == 464


def test_there_are_always_a_few_connections(files):
    files(64, 64)
    assert limits.fit_connections(500, 8) == 10


def test_where_there_are_no_such_limits_nothing_changes(monkeypatch):
    monkeypatch.setattr(limits, 'resource', None)
    assert limits.fit_connections(500, 8) == 500

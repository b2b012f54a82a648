import os
import sqlite3
import subprocess
import sys
import threading

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, select

from cloud.oslo.db.sqlalchemy import session as sessions
from cloud.oslo.db.sqlalchemy.session import Session
from tests.waiting import join

metadata = MetaData()
table = Table('numbers', metadata, Column('number', Integer, primary_key=True))
count = select(func.count()).select_from(table)


@pytest.fixture(params=['file', 'memory'])
def session(request, tmp_path):
    session = Session('sqlite://' if request.param == 'memory' else f'sqlite:///{tmp_path}/x.sqlite', metadata)
    yield session
    session.close()


def run_all(functions):
    """Run the functions at once, each in a thread, and return what they raised."""
    errors = []

    def guarded(function):
        try:
            function()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=[function]) for function in functions]
    for thread in threads:
        thread.start()
    join(*threads)
    return errors


def test_a_write_is_there_for_the_next_reader(session):
    with session.writing() as connection:
        connection.execute(table.insert(), {'number': 1})
    with session.reading() as connection:
        assert connection.scalar(count) == 1


def test_a_write_that_fails_leaves_nothing(session):
    with pytest.raises(ZeroDivisionError), session.writing() as connection:
        connection.execute(table.insert(), {'number': 1})
        raise ZeroDivisionError
    with session.reading() as connection:
        assert connection.scalar(count) == 0


def test_threads_that_read_and_then_write_never_find_the_database_locked_and_lose_nothing(session):
    def add_next():
        for _ in range(25):
            with session.writing() as connection:
                number = connection.scalar(count)
                connection.execute(table.insert(), {'number': number})

    assert run_all([add_next] * 8) == []
    with session.reading() as connection:
        assert connection.scalar(count) == 200


def test_more_threads_than_pooled_connections_may_read_at_once(tmp_path):
    session = Session(f'sqlite:///{tmp_path}/x.sqlite', metadata)
    barrier = threading.Barrier(50, timeout=60)

    def read():
        with session.reading() as connection:
            barrier.wait(timeout=30)
            connection.scalar(count)

    assert run_all([read] * 50) == []
    session.close()


def test_a_reader_sees_one_moment_while_others_write(tmp_path):
    session = Session(f'sqlite:///{tmp_path}/x.sqlite', metadata)
    with session.reading() as reader:
        assert reader.scalar(count) == 0
        with session.writing() as connection:
            connection.execute(table.insert(), {'number': 1})
        assert reader.scalar(count) == 0
    session.close()


WRITER = """
import sys
from tests.cloud.oslo.db.sqlalchemy.test_session import Session, count, metadata, table
session = Session(sys.argv[1], metadata)
for _ in range(100):
    with session.writing() as connection:
        connection.execute(table.insert(), {'number': connection.scalar(count)})
"""


def test_several_may_open_a_new_file_at_once(tmp_path):
    for number in range(10):
        url, barrier, sessions = f'sqlite:///{tmp_path}/{number}.sqlite', threading.Barrier(6, timeout=60), []

        def start(url=url, barrier=barrier, sessions=sessions):
            barrier.wait()
            sessions.append(Session(url, metadata))

        assert run_all([start] * 6) == []
        for session in sessions:
            session.close()


def test_another_process_may_write_too(tmp_path):
    url = f'sqlite:///{tmp_path}/x.sqlite'
    arguments = [sys.executable, '-c', WRITER, url]
    writers = [subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [writer.communicate(timeout=60)[1] for writer in writers] == ['', '']
    session = Session(url, metadata)
    with session.reading() as connection:
        assert connection.scalar(count) == 200
    session.close()


KILLED = """
import os, signal, sys
from tests.cloud.oslo.db.sqlalchemy.test_session import Session, metadata, table
session = Session(sys.argv[1], metadata)
with session.writing() as connection:
    connection.execute(table.insert(), {'number': 1})
with session.writing() as connection:
    connection.execute(table.insert(), {'number': 2})
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_after_kill_9_what_was_committed_is_there_and_nothing_else(tmp_path):
    url = f'sqlite:///{tmp_path}/x.sqlite'
    assert subprocess.run([sys.executable, '-c', KILLED, url]).returncode == -9
    session = Session(url, metadata)
    with session.writing() as connection:
        assert connection.scalars(select(table.c.number)).all() == [1]
    session.close()


def test_the_folder_of_the_file_is_made(tmp_path):
    Session(f'sqlite:///{tmp_path}/a/b/x.sqlite', metadata).close()
    assert os.path.exists(tmp_path / 'a' / 'b' / 'x.sqlite')


@pytest.mark.parametrize(
    'url', ['nonsense', '', 'nosuch://x', 'sqlite:////dev/null/x', 'sqlite:////proc/x', 'sqlite:////']
)
def test_a_database_that_is_not_to_be_had_is_one_line_with_the_options_name(url):
    with pytest.raises(ValueError) as caught:
        Session(url, metadata)
    assert str(caught.value).startswith(f'sql_connection = {url}: ')
    assert '\n' not in str(caught.value)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / 'x').write_text('not a database, but more than a few characters of text' * 20)
    with pytest.raises(ValueError, match='not a database'):
        Session(f'sqlite:///{tmp_path}/x', metadata)


def test_a_refusal_shows_no_password():
    with pytest.raises(ValueError) as caught:
        Session('nosuch://user:secret@localhost/x', metadata)
    assert 'secret' not in str(caught.value)


def test_a_database_that_stays_locked_is_a_db_error_and_not_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(sessions, 'BUSY_TIMEOUT', 0.1)
    ours = Session(f'sqlite:///{tmp_path}/x.sqlite', metadata)
    theirs = sqlite3.connect(tmp_path / 'x.sqlite', isolation_level=None)
    theirs.execute('BEGIN IMMEDIATE')
    with pytest.raises(sessions.DBError, match='database is locked.*try again later'), ours.writing():
        raise AssertionError('it was let in')
    theirs.close()
    with ours.writing() as connection:
        connection.execute(table.insert(), {'number': 1})
    ours.close()

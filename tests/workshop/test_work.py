"""The student's folder: nothing in it is lost."""

import json
import os
import shutil

import pytest

from workshop.work import AlreadyOpen, Work


def test_an_exercise_is_laid_out_once(work, named):
    assert work.prepare(named('token'))
    file = work.folder(named('token')) / 'configure.ini'
    assert file.read_text() == (named('token').start / 'configure.ini').read_text()
    file.write_text('mine')
    assert not work.prepare(named('token'))
    assert file.read_text() == 'mine'


def test_a_file_that_the_student_removed_stays_removed(work, named):
    work.prepare(named('request_id'))
    (work.folder(named('request_id')) / 'configure.ini').unlink()
    work.prepare(named('request_id'))
    assert not (work.folder(named('request_id')) / 'configure.ini').exists()


def test_reset_lays_out_anew_and_keeps_what_was_there(work, named):
    each = named('token')
    work.prepare(each)
    (work.folder(each) / 'configure.ini').write_text('mine')
    (work.folder(each) / 'notes').write_text('my own')
    work.record(each, True)
    kept = work.reset(each)
    assert (kept / 'configure.ini').read_text() == 'mine'
    assert (kept / 'notes').read_text() == 'my own'
    assert 'open-sesame' in (work.folder(each) / 'configure.ini').read_text()
    assert not (work.folder(each) / 'notes').exists()
    assert work.passed == set()


def test_two_resets_in_one_second_keep_both(work, named):
    work.prepare(named('token'))
    first, second, third = (work.reset(named('token')) for _ in range(3))
    assert len({first, second, third}) == 3
    assert all(kept.is_dir() for kept in (first, second, third))


def test_reset_of_what_was_never_there_lays_it_out(work, named):
    assert work.reset(named('token')) is None
    assert work.folder(named('token')).is_dir()


def test_progress_survives(work, named):
    work.prepare(named('list'))
    work.record(named('list'), True)
    work.current = '02_create'
    again = Work(work.path)
    assert again.passed == {'01_list'}
    assert again.current == '02_create'


@pytest.mark.parametrize(
    'broken',
    [
        '',
        '{',
        '[]',
        '{"passed": 3, "current": null}',
        '{"passed": ["x"]}',
        '{"passed": "abc", "current": null}',
        '[' * 300_000,
    ],
    ids=range(7),
)
def test_a_broken_note_of_progress_is_no_progress(work, named, broken):
    work.path.mkdir()
    (work.path / 'progress.json').write_text(broken)
    assert (work.passed, work.current) == (set(), None)
    work.record(named('list'), True)
    assert json.loads((work.path / 'progress.json').read_text())['passed'] == ['01_list']


def test_one_runner_at_a_time(work):
    with work.lock(), pytest.raises(AlreadyOpen, match='open in another terminal'), Work(work.path).lock():
        pass
    with work.lock():
        pass


def test_a_folder_that_cannot_be_laid_out_whole_is_not_laid_out(work, named, monkeypatch):
    def full(source, target):
        raise OSError(28, 'No space left on device')

    with monkeypatch.context() as patch:
        patch.setattr(shutil, 'copyfile', full)
        with pytest.raises(OSError, match='No space left'):
            work.prepare(named('token'))
    assert list(work.path.iterdir()) == []
    assert work.prepare(named('token'))
    assert (work.folder(named('token')) / 'configure.ini').exists()


@pytest.mark.parametrize('name', ['100%', 'a\nb', '\x1b[2J', '\udcff'])
def test_a_folder_that_no_ini_can_name_is_told(tmp_path, name):
    with pytest.raises(OSError, match='no ini can name this folder'):
        Work(tmp_path / name)


def pipe(path):
    os.mkfifo(path)


def dangling_link(path):
    path.symlink_to(path.with_name('nowhere'))


@pytest.mark.parametrize('make', [pipe, dangling_link])
def test_what_is_no_folder_is_told_and_reset_lays_one_out(work, named, make):
    each = named('token')
    work.path.mkdir()
    make(work.folder(each))
    with pytest.raises(NotADirectoryError, match='reset 07_token'):
        work.prepare(each)
    kept = work.reset(each)
    assert os.path.lexists(kept)
    assert (work.folder(each) / 'configure.ini').exists()


@pytest.mark.parametrize('make', [pipe, dangling_link])
def test_reset_takes_a_folder_with_anything_in_it(work, named, make):
    each = named('token')
    work.prepare(each)
    make(work.folder(each) / 'notes')
    make(work.folder(each) / 'requests.log')
    assert os.path.lexists(work.reset(each) / 'notes')


@pytest.mark.parametrize('make', [pipe, dangling_link])
def test_a_note_of_progress_that_is_no_file_is_no_progress(work, named, make):
    work.path.mkdir()
    make(work.path / 'progress.json')
    assert work.passed == set()
    work.record(named('list'), True)
    assert work.passed == {'01_list'}

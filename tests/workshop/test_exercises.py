"""The exercises' promise: as shipped each one fails with the message written for it, with its solution it passes, and
what students get wrong fails with a message of its own."""

import doctest
import importlib
import shutil

import pytest

from workshop import check, exercise

pytestmark = pytest.mark.usefixtures('warm_checks')

EXERCISES = exercise.load_all()


def mistakes_of(each):
    return importlib.import_module(f'workshop.exercises.{each.name}.mistakes')


def lay_out(folder, *sources):
    for source in sources:
        shutil.copytree(source, folder, dirs_exist_ok=True)
    return folder


def says(message, expected):
    return doctest.OutputChecker().check_output(expected + '\n', message + '\n', doctest.ELLIPSIS)


def ids(each):
    return each.name


@pytest.mark.parametrize('each', EXERCISES, ids=ids)
def test_as_shipped_it_fails_with_the_message_written_for_it(each, tmp_path):
    result = check.run(each, lay_out(tmp_path / 'work', each.start))
    assert (result.passed, result.message) == (False, mistakes_of(each).AS_SHIPPED)


@pytest.mark.parametrize('each', EXERCISES, ids=ids)
def test_with_its_solution_it_passes(each, tmp_path):
    result = check.run(each, lay_out(tmp_path / 'work', each.start, each.folder / 'solution'))
    assert result == check.Result(True, check.WELL_DONE)


@pytest.mark.parametrize(
    ('each', 'mistake'),
    [
        pytest.param(each, mistake, id=f'{each.name}: {mistake}')
        for each in EXERCISES
        for mistake in mistakes_of(each).MISTAKES
    ],
)
def test_a_plausible_mistake_fails_with_a_message_of_its_own(each, mistake, tmp_path):
    files, expected = mistakes_of(each).MISTAKES[mistake]
    folder = lay_out(tmp_path / 'work', each.start, each.folder / 'solution')
    for name, change in files.items():
        if isinstance(change, tuple):
            old, new = change
            before = (folder / name).read_text()
            assert old in before, f'the solution has no {old!r}'
            change = before.replace(old, new)
        (folder / name).write_text(change)
    result = check.run(each, folder)
    assert not result.passed
    assert says(result.message, expected), f'it says:\n{result.message}\nand should say:\n{expected}'


@pytest.mark.parametrize('each', EXERCISES, ids=ids)
def test_it_has_two_hints_and_two_mistakes_at_least(each):
    assert len(each.hints()) >= 2
    assert len(mistakes_of(each).MISTAKES) >= 2
    assert each.task()
    assert each.title


def test_every_folder_is_a_whole_exercise():
    folders = {path.name for path in exercise.HERE.iterdir() if path.is_dir() and path.name != '__pycache__'}
    assert folders == {each.name for each in EXERCISES}


def test_the_exercises_are_in_the_order_of_the_chapters():
    assert [each.number for each in EXERCISES] == list(range(1, len(EXERCISES) + 1))
    assert [each.chapter for each in EXERCISES] == sorted(each.chapter for each in EXERCISES)
    assert len(EXERCISES) >= 20

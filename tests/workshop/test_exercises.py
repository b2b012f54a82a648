"""The exercises' promise: as shipped each one fails with the message written for it, with its solution it passes, and
what students get wrong fails with a message of its own."""

import ast
import doctest
import importlib
import shutil

import pytest

from tests.servers import ROOT
from workshop import check, exercise, source

pytestmark = pytest.mark.usefixtures('warm_checks')

EXERCISES = exercise.load_all()


def mistakes_of(each):
    return importlib.import_module(f'workshop.exercises.{each.name}.mistakes')


def lay_out(folder, *sources):
    for each in sources:
        shutil.copytree(each, folder, dirs_exist_ok=True)
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


@pytest.mark.parametrize('each', EXERCISES, ids=ids)
def test_why_leads_to_a_chapter_and_to_a_class_or_function_that_are_there(each, tmp_path):
    assert f'`{each.name}`' in (ROOT / each.chapter_path).read_text(), 'the chapter does not name it'
    tree = ast.parse((ROOT / each.source).read_text())
    source.lines_of_symbol(each.source, tree, each.symbol)  # LookupError if there is none
    why = each.why(tmp_path)
    assert f'Read on: `{each.chapter_path}`. In this cloud: `{each.source}`, `{each.symbol}`.' in why


@pytest.mark.parametrize('each', EXERCISES, ids=ids)
def test_why_is_said_in_three_lines(each, tmp_path):
    prose = each.why(tmp_path).partition('\n\n')[0]
    assert 1 <= len(prose.splitlines()) <= 3


def test_why_shows_the_reference_solution_beside_ones_own_as_a_diff(tmp_path):
    token = exercise.find(EXERCISES, 'token')
    lay_out(tmp_path, token.start)
    ini = (tmp_path / 'configure.ini').read_text().replace('open-sesame', 'my-own')
    (tmp_path / 'configure.ini').write_text(ini)
    why = token.why(tmp_path)
    assert 'configure.ini (- is yours, + the reference solution):' in why
    assert '-token = my-own\n+token = lemon-tree' in why
    lay_out(tmp_path, token.folder / 'solution')
    assert 'Your configure.ini is the reference solution, word for word.' in token.why(tmp_path)


def test_why_shows_the_reference_solution_alone_where_requests_were_typed(tmp_path):
    each = exercise.find(EXERCISES, 'list')
    lay_out(tmp_path, each.start)
    assert "curl -H 'X-Auth-Token: open-sesame' http://here/instances" in each.why(
        tmp_path, {'URL': 'http://here'}
    ).replace('"', '')

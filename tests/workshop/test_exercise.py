"""How an exercise's folder is read."""

import pytest

from workshop import exercise as exercises


def test_an_exercise_is_found_by_number_name_and_short_name(all_exercises):
    found = {exercises.find(all_exercises, text).name for text in ('7', '07', '07_token', 'token')}
    assert found == {'07_token'}


@pytest.mark.parametrize('text', ['99', 'tokens', '', '0'])
def test_another_name_is_refused_with_the_names_there_are(all_exercises, text):
    with pytest.raises(LookupError, match=r'There is no exercise .*: 01_list, 02_create, '):
        exercises.find(all_exercises, text)


def test_the_task_names_the_places_of_this_run(named):
    each = named('token')
    assert 'your cloud at http://127.0.0.1:4711 runs' in each.task({'URL': 'http://127.0.0.1:4711'})
    assert '{URL}' in each.task()


def test_the_task_does_not_give_the_hints_away(named):
    each = named('list')
    assert "-H 'X-Auth-Token: open-sesame'" not in each.task()
    assert "-H 'X-Auth-Token: open-sesame'" in each.hints()[-1]


def test_braces_that_are_no_places_stay():
    assert (
        exercises.fill('{"name": "x"} /instances/{id} {UNKNOWN}', {'URL': 'x'})
        == '{"name": "x"} /instances/{id} {UNKNOWN}'
    )


def test_the_solution_of_a_changed_file_is_a_diff(named):
    solution = named('token').solution()
    assert '-token = open-sesame\n+token = lemon-tree' in solution
    assert '[server:main]' not in solution


def test_the_solution_of_a_curl_exercise_is_its_commands(named):
    assert "curl -H 'X-Auth-Token: open-sesame' $URL/instances" in named('list').solution()


def test_no_task_is_too_long_for_a_terminal(all_exercises):
    for each in all_exercises:
        assert len(each.task().splitlines()) <= 24, each.name


def test_the_solution_names_the_places_of_this_run(named):
    assert 'http://127.0.0.1:4711/instances' in named('list').solution({'URL': 'http://127.0.0.1:4711'})

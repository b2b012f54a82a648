"""What is drawn, for terminals of every size, and whatever a client sent."""

import io
import itertools

import pyte
import pytest
from rich.console import Console

from workshop import exercise as exercises
from workshop import screen
from workshop.journal import Exchange
from workshop.learn import after, first
from workshop.terminal import Screen
from workshop.work import Work

EXERCISES = exercises.load_all()
SIZES = list(itertools.product((1, 10, 40, 80, 200), (1, 2, 3, 5, 12, 24, 60)))


def first_with(**changes):
    """The first exercise, with other services, say."""
    changed = exercises.Exercise(EXERCISES[0].folder)
    vars(changed).update(changes)
    return changed


def exchange(path='/instances', query=None, status=200, steps=('GET /instances', 'reaches Auth')):
    return Exchange('ground', 'GET', path, query or {}, {}, '', '', status, {}, '', '', list(steps))


def state(**changes):
    given = {
        'exercises': EXERCISES,
        'exercise': EXERCISES[0],
        'passed': set(),
        'folder': 'workshop/work/01_list',
        'home': 'workshop/work',
        'reset': 'python -m workshop reset 01_list',
        'task': EXERCISES[0].task({'URL': 'http://127.0.0.1:8080'}),
        'addresses': {'ground': 'http://127.0.0.1:8080'},
        'message': 'Something is wrong: do something about it.',
    }
    return screen.State(**{**given, **changes})


def console(width=80, height=24):
    return Console(width=width, height=height, file=io.StringIO(), theme=screen.THEME, highlight=False)


def lines(shown, width=80, height=24):
    rows, shown.scroll = screen.frame(console(width, height), shown)
    return [''.join(segment.text for segment in row) for row in rows]


def words(shown, **size):
    return ' '.join(' '.join(lines(shown, **size)).split())


@pytest.mark.parametrize(('width', 'height'), SIZES)
def test_every_view_fits_into_every_size(width, height):
    hints = EXERCISES[0].hints()
    for view, notice, scroll in itertools.product(('task', 'list', 'closing'), ('', 'word ' * 60), (0, 5, 1000)):
        shown = state(
            view=view, notice=notice, scroll=scroll, hints=hints, exchanges=[exchange()], message='long ' * 90
        )
        drawn = lines(shown, width, height)
        assert len(drawn) == height
        assert max(map(len, drawn)) <= width


def test_what_is_too_long_for_the_screen_scrolls_to_its_end_and_no_further():
    shown = state(scroll=1000, hints=EXERCISES[0].hints())
    assert 'the end: arrow up goes back' in words(shown, height=16)
    end = shown.scroll
    shown.scroll -= 1
    assert 'more below: arrow down' in words(shown, height=16)
    assert shown.scroll == end - 1


def test_what_the_task_is_called_stays_in_sight_wherever_it_is_scrolled_to():
    for scroll in 0, 3, 1000:
        shown = state(scroll=scroll, exchanges=[exchange()] * 5, hints=EXERCISES[0].hints())
        assert lines(shown)[1] == f'1. {EXERCISES[0].title}'


def test_a_small_screen_shows_two_requests_so_that_the_task_stays_in_sight_and_a_large_one_five():
    shown = state(exchanges=[exchange(f'/{number}') for number in range(5)], show='requests')
    assert 'GET /2' not in words(shown)
    assert '200 GET /3 200 GET /4' in words(shown)
    assert '200 GET /0 200 GET /1' in words(shown, height=60)


def test_the_paths_of_the_logs_are_in_sight():
    shown = state(logs=['work/.live/01_list/ground.log'])
    assert 'Its log: work/.live/01_list/ground.log' in words(shown, height=60)
    shown = state(logs=['work/.live/x/glance.log', 'work/.live/x/nova.log'])
    assert 'Their logs: work/.live/x/{glance,nova}.log' in words(shown, height=60)


def test_a_part_to_show_is_brought_into_sight():
    shown = state(hints=EXERCISES[0].hints(), show='hint 1')
    assert 'Hint 1' in words(shown, height=16)


def test_a_request_cannot_command_the_terminal():
    shown = state(
        exchanges=[exchange(path='/\x1b[2J\r\n', query={'a': '\x9b2J'}, steps=['\x07'])], message='\x1b]0;x\x07'
    )
    text = '\n'.join(lines(shown, height=40))
    assert '200 GET /\\x1b[2J\\r\\n?a=\\x9b2J' in text
    assert 'Not yet: \\x1b]0;x\\x07' in text


def test_markup_in_a_message_is_only_text():
    assert 'Not yet: [bold]pipeline:main[/bold] *is* `gone`.' in words(
        state(message='[bold]pipeline:main[/bold] *is* `gone`.')
    )


def test_no_line_ends_in_spaces_that_would_be_copied():
    for line in lines(state(hints=EXERCISES[0].hints(), exchanges=[exchange()]), height=60):
        assert line == line.rstrip()


def test_a_long_command_flows_over_its_rows_so_that_it_is_copied_as_one_line():
    command = f"curl -H 'X-Auth-Token: open-sesame' {'http://127.0.0.1:8080/instances' * 4}"
    terminal, shown = Console(width=80, height=24, file=io.StringIO(), force_terminal=True), state()
    shown.task = f'Type\n\n    {command}\n\nand see.'
    rows, _ = screen.frame(terminal, shown)
    Screen(terminal).draw(rows)
    assert command in terminal.file.getvalue()
    screen_of_pyte = pyte.Screen(80, 24)
    pyte.Stream(screen_of_pyte).feed(terminal.file.getvalue())
    assert [line.rstrip() for line in screen_of_pyte.display] == lines(shown)
    assert command in screen.as_text(terminal, shown)


def test_rows_that_have_not_changed_are_not_drawn_again():
    terminal, shown = Console(width=80, height=24, file=io.StringIO(), force_terminal=True), state()
    drawing = Screen(terminal)
    drawing.draw(screen.frame(terminal, shown)[0])
    before = terminal.file.tell()
    drawing.draw(screen.frame(terminal, shown)[0])
    assert terminal.file.tell() == before
    shown.message = 'Another one.'
    drawing.draw(screen.frame(terminal, shown)[0])
    assert terminal.file.tell() - before < 100


def test_with_several_services_a_request_says_which_one_it_reached():
    shown = state(exercise=first_with(services=['ground', 'glance']), exchanges=[exchange()])
    assert '200 ground: GET /instances' in words(shown, height=60)
    assert '200 GET /instances' in words(state(exchanges=[exchange()]), height=60)


def test_a_request_that_is_repeated_says_how_often_it_came():
    shown = state(exchanges=[exchange(), exchange('/')], times=[2, 1])
    assert '200 GET /instances (2 times) 200 GET / ' in words(shown, height=60)


def test_a_service_that_does_not_run_has_no_address():
    assert 'ground floor: does not run' in words(state(addresses={'ground': ''}))


def test_a_service_that_the_student_should_stop_is_no_trouble():
    shown = state(
        exercise=first_with(may_stop=['glance']), addresses={'glance': 'http://127.0.0.1:9292'}, dead=['glance']
    )
    assert 'glance: http://127.0.0.1:9292 has ended; r starts it again Not yet: Something' in words(shown, height=60)
    shown = state(dead=['ground'])
    assert 'ground floor has ended by itself: r starts it again.' in words(shown, height=60)


def test_what_was_done_before_may_be_left():
    shown = state(passed={EXERCISES[0].name})
    assert 'do something about it. (It was done before, so n goes on.)' in words(shown)


def test_as_lines_nothing_is_left_out():
    text = screen.as_text(console(), state(hints=EXERCISES[0].hints(), exchanges=[exchange()]))
    for part in ('1. ', 'Hint 2', '200 GET /instances', 'Not yet', 'q quit'):
        assert part in text


def test_the_next_exercise_is_the_next_that_is_not_done_and_then_those_before():
    one, two, three, *others = EXERCISES
    assert after(EXERCISES, one, set()) is two
    assert after(EXERCISES, one, {two.name}) is three
    assert after(EXERCISES, EXERCISES[-1], {one.name}) is two
    assert after(EXERCISES, one, {each.name for each in [two, three, *others]}) is None


def test_it_begins_with_the_exercise_that_was_open_unless_that_is_done(tmp_path):
    work = Work(tmp_path)
    one, two, three = EXERCISES[:3]
    assert first(EXERCISES, work) is one
    work.current = two.name
    assert first(EXERCISES, work) is two
    work.record(two, True)
    assert first(EXERCISES, work) is three
    work.current = 'an_exercise_that_is_no_more'
    assert first(EXERCISES, work) is one
    for each in EXERCISES:
        work.record(each, True)
    assert first(EXERCISES, work) is one

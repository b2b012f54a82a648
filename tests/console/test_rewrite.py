"""What is mended is mended where it has to be, and nowhere else."""

import pytest

from tests.console.compare import Ids
from tests.console.rewrite import mend

SHOWN, OTHER = '11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'
REAL, NEW = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa', 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb'


@pytest.fixture
def ids():
    return Ids(any_length=False)


@pytest.fixture
def mended(ids):
    """mended(shown, printed): the text, with the document's ids."""
    return lambda shown, printed: ids.as_written('\n'.join(mend(ids, shown, printed)))


def test_a_line_that_fits_stays_as_it_is_written(mended):
    shown = f'Date: Sun, 22 Nov 2026 09:30:00 GMT\nreq-{SHOWN} old\nend'
    printed = f'Date: Mon, 02 Jan 2023 00:00:01 GMT\nreq-{REAL} new\nend'
    assert mended(shown, printed) == f'Date: Sun, 22 Nov 2026 09:30:00 GMT\nreq-{SHOWN} new\nend'


def test_a_new_line_shows_the_ids_of_the_document(mended):
    assert mended(f'req-{SHOWN} GET /', f'req-{REAL} comes in\nreq-{REAL} GET /\nreq-{REAL} goes out') == (
        f'req-{SHOWN} comes in\nreq-{SHOWN} GET /\nreq-{SHOWN} goes out'
    )


def test_a_new_field_leaves_the_ids_and_dates_beside_it(mended):
    shown = f'{{"id": "{SHOWN}", "at": "2026-11-22T09:40:00Z"}}, {{"id": "{OTHER}", "at": "2026-11-22T09:40:01Z"}}'
    printed = shown.replace(SHOWN, REAL).replace(OTHER, NEW).replace('2026-11', '2023-01').replace('Z"', 'Z", "x": 1')
    assert mended(shown, printed) == shown.replace('Z"', 'Z", "x": 1')


def test_what_is_learned_from_a_mended_line_holds_from_there_on(ids, mended):
    mended(f'made {SHOWN}', f'made {REAL} today')
    assert ids.match(f'shows {SHOWN}', f'shows {REAL}')
    assert not ids.match(f'shows {SHOWN}', f'shows {NEW}')


def test_of_two_requests_the_lines_of_the_one_that_was_shown_are_kept(mended):
    shown = f'...\nreq-{SHOWN} POST\nreq-{SHOWN} arrives\nreq-{SHOWN} is refused\nreq-{SHOWN} ends'
    request = 'req-{0} {1}\nreq-{0} arrives\nreq-{0} {2}\nreq-{0} ends\nreq-{0} leaves\n'
    printed = request.format(REAL, 'comes: GET', 'is answered') + request.format(NEW, 'comes: POST', 'is refused: no')
    assert mended(shown, printed) == '...\n' + request.format(SHOWN, 'comes: POST', 'is refused: no').rstrip()


def test_a_line_that_begins_further_to_the_right_is_another_one(mended):
    assert mended('a\n  b\nc', 'a\n    b\nd') == 'a\n    b\nd'


def test_an_id_that_is_new_is_shown_as_it_was_printed(mended):
    assert mended(f'id {SHOWN}', f'id {REAL} of {NEW}') == f'id {SHOWN} of {NEW}'


def test_one_id_of_the_document_never_stands_for_two(mended):
    assert mended(f'{SHOWN} is {SHOWN}', f'{REAL} is {NEW}') == f'{SHOWN} is {NEW}'


def test_dots_go_on_standing_for_what_is_between_their_neighbours(mended):
    shown = '{..., "status": "active", "size": 5, ...}'
    printed = '{"name": "a", "status": "active", "colour": "red", "size": 5, "owner": "b"}'
    assert mended(shown, printed) == '{..., "status": "active", "colour": "red", "size": 5, ...}'


def test_dots_leave_a_line_of_which_little_is_left(mended):
    assert mended('tried 127.0.0.1:... (it answers 503)', 'no address is known') == 'no address is known'


def test_a_line_of_dots_goes_on_standing_for_lines(mended):
    assert mended('...\na\nb\n...\nz', '1\n2\na\nc\nb\n3\nz') == '...\na\nc\nb\n...\nz'


def test_a_line_that_is_printed_no_more_is_gone(mended):
    assert mended('a\nb\nc', 'a\nc') == 'a\nc'
    assert mended('a\nb\nc', '') == ''
    assert mended('', 'a') == 'a'


def test_a_content_length_is_the_true_one(mended):
    assert mended('Content-Length: 213\n\nold', 'Content-Length: 7\n\nnew') == 'Content-Length: 7\n\nnew'


def test_if_what_is_kept_would_not_fit_all_is_as_printed(ids, mended):
    # Here dots stand for more than one line of what is printed.
    assert mended('{"a": ...\n...}\nold', '{"a": 1\n"b": 2}\nnew').splitlines()[-1] == 'new'
    assert ids.match('{"a": 1\n"b": 2}\nnew', '{"a": 1\n"b": 2}\nnew')

"""What may differ from run to run, and what may not."""

import pytest

from tests.console.compare import Ids

ONE, TWO, THREE = (f'{number * 8}-{number * 4}-4{number * 3}-8{number * 3}-{number * 12}' for number in '123')


@pytest.fixture
def ids():
    return Ids()


def test_the_same_id_twice_must_be_the_same_in_this_run(ids):
    assert ids.match(f'{ONE} {ONE}', f'{TWO} {TWO}')
    assert not ids.match(f'{THREE} {THREE}', f'{ONE} {THREE}')


def test_an_id_keeps_its_meaning_through_the_document(ids):
    assert ids.match(f'a {ONE}', f'a {TWO}')
    assert ids.match(f'b {ONE}', f'b {TWO}')
    assert not ids.match(f'b {ONE}', f'b {THREE}')


def test_two_ids_of_the_document_are_two_in_this_run(ids):
    assert not ids.match(f'{ONE} {TWO}', f'{THREE} {THREE}')
    assert ids.match(ONE, THREE)
    assert not ids.match(TWO, THREE)


def test_dots_stand_for_any_text_and_the_rest_for_itself(ids):
    assert ids.match('{..., "status": "active", ...}', '{"id":\n1, "status": "active", "size": 2}')
    assert not ids.match('(a|b)', 'a')
    assert not ids.match('a...c', 'abcd')


@pytest.mark.parametrize('printed', ['a\nb', 'a\nx\ny\nb', 'x\na\nb\n\ny'])
def test_a_line_of_dots_stands_for_any_lines_or_none(ids, printed):
    assert ids.match('...\na\n...\nb\n...', printed)
    assert not ids.match('...\na\n...\nc\n...', printed)


@pytest.mark.parametrize(
    ('written', 'printed', 'other'),
    [
        ('Sun, 22 Nov 2026 09:30:00 GMT', 'Mon, 02 Jan 2023 00:00:01 GMT', 'Mon, 02 Jan 2023'),
        ('2026-11-22T09:40:00Z', '2023-01-02T00:00:01Z', '2023-01-02T00:00:01'),
        ('2026-11-22T09:40:00.000001', '2023-01-02T00:00:01.123456', '2023-01-02'),
        ('[22/Nov/2026:03:28:42 +0000]', '[02/Jan/2023:00:00:01 +0100]', '[]'),
        ('"curl/7.88.1"', '"curl/8.5"', '"wget/1"'),
    ],
)
def test_dates_and_versions_may_be_any(ids, written, printed, other):
    assert ids.match(written, printed)
    assert not ids.match(written, other)


def test_a_content_length_may_be_any_number(ids):
    assert ids.match('Content-Length: 213\nDate', 'Content-Length: 7\nDate')
    assert not ids.match('Content-Length: 213\nDate', 'Content-Length: none\nDate')
    assert not ids.match('X-Image-Meta-Size: 213', 'X-Image-Meta-Size: 7')


def test_whoever_writes_a_document_wants_the_true_content_length():
    ids = Ids(any_length=False)
    assert ids.match('Content-Length: 213', 'Content-Length: 213')
    assert not ids.match('Content-Length: 213', 'Content-Length: 7')

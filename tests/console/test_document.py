"""A document is written where its commands print something else, and nowhere else."""

import shutil
from pathlib import Path

import pytest

from tests.console import __main__ as command
from tests.console.compare import Ids
from tests.console.document import Edit, Written, documents, edited, write
from tests.servers import ROOT

GREETINGS = Path(__file__).parent / 'greetings.md'


@pytest.fixture
def document(tmp_path):
    """A copy of the small document, to change."""
    return Path(shutil.copy(GREETINGS, tmp_path))


def replaced(text, *changes):
    for old, new in zip(changes[::2], changes[1::2]):
        assert old in text
        text = text.replace(old, new)
    return text


def test_a_document_that_shows_what_is_printed_stays_as_it_is(document):
    assert write(document) == Written([], [])
    assert document.read_bytes() == GREETINGS.read_bytes()


def test_a_service_that_says_more_changes_the_lines_that_show_it_and_no_others(document):
    changed = replaced(document.read_text(), "{'text': text}", "{'text': text, 'letters': len(text)}")
    document.write_text(changed)
    written = write(document)
    expected = replaced(
        changed,
        'Content-Length: 123', 'Content-Length: 152',
        '200 123', '200 152',
        '"hello"}', '"hello", "letters": 5}',
        '"good night"}', '"good night", "letters": 10}',
    )  # fmt: skip
    assert document.read_text() == expected
    numbers = [number for number, line in enumerate(expected.splitlines(), 1) if '152' in line or '"letters"' in line]
    assert written == Written(numbers, [numbers[1]])
    assert write(document) == Written([], [])
    assert document.read_text() == expected


def test_what_is_shown_where_nothing_is_printed_goes_and_what_is_printed_where_nothing_is_shown_comes(document):
    text = document.read_text()
    changed = replaced(text, '$ echo "and so is" this\nand so is this\n', '$ true\nand so is this\n$ echo here\n')
    document.write_text(changed)
    write(document)
    assert document.read_text() == replaced(
        changed, '$ true\nand so is this\n$ echo here\n', '$ true\n$ echo here\nhere\n'
    )


def test_an_id_is_shown_by_the_name_that_the_document_has_for_it_further_on():
    ids = Ids()
    edits = [Edit(0, 1, ['made aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa'])]
    assert ids.match('11111111-1111-4111-8111-111111111111', 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa')
    assert edited(['old\n', 'rest\n'], edits, ids) == ['made 11111111-1111-4111-8111-111111111111\n', 'rest\n']


def test_the_folder_of_the_copy_is_shown_as_dots(document):
    document.write_text('```console\n$ pwd\n/somewhere\n```\n')
    assert write(document) == Written([3], [3])
    assert document.read_text() == '```console\n$ pwd\n...\n```\n'
    assert write(document) == Written([], [])


def test_the_command_says_what_it_has_changed(document, capsys):
    document.write_text('```console\n$ echo one; echo two\none\nthree\n```\n\n```console\n$ pwd\n```\n')
    with pytest.raises(SystemExit, match='^False$'):
        command.main([str(document)])
    assert capsys.readouterr().out == (
        f'{document}: new lines: 4, 9\n{document}:9: look whether the dots still leave out what they should\n'
    )


@pytest.mark.parametrize(
    ('typed', 'reason'),
    [('exit', "the shell ended, or 'exit' took too long: "), ('touch stray', 'The document has its readers write ...')],
)
def test_a_document_that_cannot_be_run_to_its_end_is_not_written(document, capsys, typed, reason):
    text = f'```console\n$ echo one\ntwo\n$ {typed}\n```\n'
    document.write_text(text)
    with pytest.raises(SystemExit, match='^True$'):
        command.main([str(document)])
    assert capsys.readouterr().err.startswith(f'{document}: not written: {reason.removesuffix("...")}')
    assert document.read_text() == text


def test_without_a_name_all_documents_are_meant():
    names = [str(path.relative_to(ROOT)) for path in documents()]
    assert names[:2] == ['README.md', 'workshop/walkthrough/01-a-request-arrives.md']
    assert set(names) == {
        'README.md',
        *(f'workshop/walkthrough/{path.name}' for path in ROOT.glob('workshop/walkthrough/*.md')),
    }

"""The chapters: their code is the source's, their parts are there, their links lead somewhere.

Their commands are run by the plug-in (tests/console): pytest workshop/walkthrough
"""

import contextlib
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.console.document import documents
from tests.console.shell import Shell
from tests.servers import ROOT
from workshop import source

CHAPTERS = source.chapters()
NAMES = [path.name for path in CHAPTERS]
PAGES = sorted(source.WALKTHROUGH.glob('*-by-hand.md'))
INDEX = source.WALKTHROUGH / 'README.md'
EXERCISES = ROOT / 'workshop' / 'exercises'
INCLUDED = re.compile(r'<!-- \[\[\[cog show\((.*)\) \]\]\] -->\n(.*?)<!-- \[\[\[end\]\]\] -->\n', re.DOTALL)
# What follows one another in each chapter.
PARTS = (
    r'# \d+\. \S',
    r'\*\*You will see\*\* ',
    r'```console\n',
    r'<!-- \[\[\[cog show',
    r'## In the real \w',
    r'## Exercises\n',
    r'## A question\n',
    r'<details>\n<summary>Answer</summary>\n\n',
    r'\n\n</details>\n',
    r'Next: |The end of the walkthrough',
)


def titles(paths):
    """A name for each of these documents, for the report of a test."""
    return [str(path.relative_to(ROOT)) for path in paths]


def anchors(path):
    """What a Git host calls the headings of a document."""
    headings = re.findall('^#+ (.*)', path.read_text(), re.MULTILINE)
    return [re.sub(r'[^\w -]', '', heading).lower().replace(' ', '-') for heading in headings]


def shown(*arguments):
    with contextlib.redirect_stdout(io.StringIO()) as output:
        source.show(*arguments)
    return output.getvalue()


def test_a_method_is_shown_with_its_decorators_and_dedented():
    text = shown('cloud/glance/api/versions.py', 'Controller.__call__')
    assert text.startswith(
        '\n[`cloud/glance/api/versions.py`](../../cloud/glance/api/versions.py), `Controller.__call__`:'
    )
    assert '\n```python\ndef __call__(self, environ, start_response, status=300):\n    host = ' in text
    assert '```python\n@classmethod\ndef factory(' in shown('cloud/glance/api/v2/router.py', 'API.factory')


def test_lines_are_shown_from_the_one_text_to_the_other():
    text = shown('configure.ini', None, '[pipeline:main]', 'pipeline = ')
    assert '```ini\n[pipeline:main]\npipeline = auth instance\n```\n' in text


def test_a_whole_file_is_shown_in_its_language():
    path = 'workshop/walkthrough/lab.sh'
    text = (ROOT / path).read_text()
    assert shown(path) == f'\n[`{path}`](../../{path}):\n\n```sh\n{text}```\n\n'
    assert '\n```sh\nruns() {  # runs NAME' in shown(path, None, 'runs() {', '}')


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (('auth.py', 'Auth.open'), 'auth.py has no Auth.open: there is no class or function open'),
        (('auth.py', 'Gate'), 'auth.py has no Gate: there is no class or function Gate'),
        (('configure.ini', None, '[pipeline:x]'), "configure.ini has no line with '[pipeline:x]'"),
        (('configure.ini', None, 'threads', '[DEFAULT]'), "configure.ini has no line with '[DEFAULT]' after line"),
    ],
)
def test_what_is_not_in_the_source_is_named(arguments, message):
    with pytest.raises(LookupError, match=f'^{re.escape(message)}'):
        source.show(*arguments)


@pytest.fixture
def chapter(tmp_path, monkeypatch):
    """A copy of the first chapter, alone in a walkthrough of its own."""
    (tmp_path / 'pictures').mkdir()
    shutil.copy(source.WALKTHROUGH / 'pictures' / '01.svg', tmp_path / 'pictures')
    monkeypatch.setattr(source, 'WALKTHROUGH', tmp_path)
    return Path(shutil.copy(CHAPTERS[0], tmp_path))


@pytest.mark.parametrize(
    ('show', 'message'),
    [
        ("show('auth.py', 'Gate')", 'auth.py has no Gate: there is no class or function Gate'),
        ("show('gate.py')", 'No such file or directory: .*gate.py'),
    ],
)
def test_a_chapter_that_names_what_is_not_there_is_told_where(chapter, show, message):
    chapter.write_text(f'# Wrong\n\n<!-- [[[cog {show} ]]] -->\n<!-- [[[end]]] -->\n')
    with pytest.raises(SystemExit, match=rf'^workshop.source: .*/{chapter.name}\(3\): .*{message}.*$'):
        source.main([])


def test_check_finds_a_chapter_that_is_not_as_the_source_is(chapter):
    text = chapter.read_text()
    source.main(['--check'])
    changed = text.replace('```\n\n<!-- [[[end]]] -->', 'by_hand()\n```\n\n<!-- [[[end]]] -->')
    chapter.write_text(changed)
    with pytest.raises(SystemExit, match=r'\n-by_hand\(\)\n(.*\n)*workshop.source: the chapters are'):
        source.main(['--check'])
    assert chapter.read_text() == changed
    source.main([])
    assert chapter.read_text() == text


def test_the_code_in_all_chapters_is_that_of_the_source():
    command = [sys.executable, '-m', 'workshop.source', '--check']
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize('path', CHAPTERS, ids=NAMES)
def test_every_chapter_has_its_parts_in_their_order(path):
    text, position = path.read_text(), 0
    for part in PARTS:
        found = re.compile(part, re.MULTILINE).search(text, position)
        assert found, f'{path.name} has no {part} after {text[max(0, position - 60) : position]!r}'
        position = found.end()
    assert text.startswith(f'# {int(path.name[:2])}. ')


@pytest.mark.parametrize('path', CHAPTERS, ids=NAMES)
def test_every_block_of_code_is_included_or_is_what_the_reader_saves(path):
    text = path.read_text()
    assert all('```' in block for _, block in INCLUDED.findall(text))
    by_hand = re.findall(r'^```(?!console|text)\w+\n(.*)\n', INCLUDED.sub('', text), re.MULTILINE)
    assert all(re.fullmatch(r'[#;] [\w./-]+\.(py|ini)', first) for first in by_hand), by_hand


@pytest.mark.parametrize('path', documents(), ids=titles(documents()))
def test_no_progress_of_curl_gets_into_what_a_reader_sees(path):
    loud = [line for line in path.read_text().splitlines() if re.match(r'\$ .*curl (?!.*-s).*( -o |\|)', line)]
    assert not loud, 'curl -s, where its output goes elsewhere'


@pytest.mark.parametrize('path', documents(), ids=titles(documents()))
def test_every_link_leads_to_a_file_and_to_a_heading_in_it(path):
    for target, anchor in re.findall(r'\]\(([^)#]*)#?([^)]*)\)', path.read_text()):
        if not target.startswith('https://'):
            aim = path.parent / target if target else path
            assert aim.exists(), target
            assert not anchor or anchor in anchors(aim), f'{target}#{anchor}'


@pytest.mark.parametrize(('path', 'following'), [*zip(CHAPTERS, CHAPTERS[1:])], ids=NAMES[1:])
def test_every_chapter_leads_to_the_next(path, following):
    assert f']({following.name})' in path.read_text().splitlines()[-1]


def test_the_readme_lists_the_chapters_in_their_order():
    assert re.findall(r'\]\((\d\d-[\w-]+\.md)\)', INDEX.read_text()) == NAMES
    for path in CHAPTERS:
        title = path.read_text().splitlines()[0].removeprefix('# ').partition(' ')[2]
        assert f'[{title}]({path.name})' in INDEX.read_text()


def test_the_readme_lists_the_pages_to_type_along():
    listed = re.findall(r'\[([^]]+)\]\(([\w-]+-by-hand\.md)\)', INDEX.read_text())
    assert sorted(listed, key=lambda page: page[1]) == [
        (path.read_text().splitlines()[0].removeprefix('# '), path.name) for path in PAGES
    ]


@pytest.mark.parametrize('path', CHAPTERS, ids=NAMES)
def test_every_chapter_names_the_exercises_that_belong_to_it(path):
    number = int(path.name[:2])
    checks = EXERCISES.glob('[0-9][0-9]_*/check.py')
    own = {
        check.parent.name for check in checks if re.search(rf'^CHAPTER = {number}$', check.read_text(), re.MULTILINE)
    }
    section = path.read_text().partition('## Exercises\n')[2].partition('\n## ')[0]
    assert set(re.findall(r'`(\d\d_\w+)`', section)) == own


@pytest.fixture
def lab():
    """lab(command): what it prints in a shell that has read the helpers of the chapters."""
    shell = Shell()
    shell.run('. workshop/walkthrough/lab.sh')
    yield shell.run
    shell.run('stop -9')
    shell.close()


def test_the_lab_starts_a_service_once_and_stops_all(lab):
    assert lab('start ground configure.ini').strip() == 'listens on http://127.0.0.1:8080'
    assert lab('start ground configure.ini').strip() == 'ground runs already: first say stop ground'
    assert lab('start open configure.ini instance --port 8081').strip() == 'listens on http://127.0.0.1:8081'
    lab('ask -d name=new http://127.0.0.1:8081/instances')
    assert len(lab('new_id').strip()) == 36
    assert lab('asked open').strip() == '"POST /instances HTTP/1.1" 201'
    assert lab('stop open; runs open || runs ground && echo one').strip() == 'one'
    assert lab('stop; runs ground || ls data/lab').split() == ['answer.txt', 'ground.log', 'open.log']
    assert 'Failed to connect' in lab('curl http://127.0.0.1:8080/')


def test_the_lab_says_why_a_service_does_not_start(lab):
    assert lab('start lost lost.ini').startswith('server.py: ')
    assert 'No such file' in lab('mv .venv gone; start ground configure.ini; mv gone .venv')


def test_the_lab_lets_a_process_live_that_has_got_an_old_number(lab):
    assert lab('sleep 60 & echo $! > data/lab/old.pid; stop; kill $! && echo alive').strip() == 'alive'


def test_what_is_for_you_to_type_can_be_typed_as_it_stands():
    """A line that goes on would begin with the shell's own `> `, which whoever copies it would have to take away."""
    for path in sorted(source.WALKTHROUGH.glob('*.md')):
        if not path.name.startswith('12-'):
            going_on = [line for line in path.read_text().splitlines() if line.startswith('> ')]
            assert going_on == [], path.name

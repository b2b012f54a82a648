"""python -m xray: the same walks in a terminal."""

import json

import pexpect
import pytest

from tests.servers import ROOT
from xray import __main__ as command

PYTHON = __import__('sys').executable


@pytest.fixture
def run(ground, tmp_path, capsys):
    """run('show', 'last'): what the command prints."""
    ground.get('/instances')
    ground.get('/instances', headers={'X-Auth-Token': 'wrong-token'}, status=403)
    ground.get('/xray/requests')

    def run(*arguments):
        command.main(['--store', str(tmp_path / 'xray'), *arguments])
        return capsys.readouterr().out

    return run


def test_last_shows_the_walk_of_the_last_request_with_its_refusal_marked(run):
    lines = run('last').splitlines()
    assert 'GET /instances  403 by auth' in lines[0]
    assert lines[1].startswith('-> [ground-floor] GET /instances')
    assert lines[2].startswith('   -> filter auth')
    assert lines[3].startswith('   <- filter auth REFUSES: The token in X-Auth-Token is wrong')


def test_last_n_is_a_list(run):
    assert [line.split('  ')[2] for line in run('last', '2').splitlines()] == ['403 by auth', '200']


def test_show_takes_the_beginning_of_an_id_and_may_show_every_call(run):
    request_id = run('last', '2').splitlines()[1].split()[0]
    walk = run('show', request_id[4:16])
    assert 'action Controller.index' in walk
    assert 'read_page' not in walk
    assert 'read_page' in run('show', request_id, '--all')


def test_diff_marks_the_first_difference(run):
    ids = [line.split()[0] for line in run('last', '2').splitlines()]
    assert any(' > ' in line and 'filter auth' in line for line in run('diff', *ids).splitlines())


def test_explain_says_it_in_words(run):
    assert 'Decided by [filter:auth] of configure.ini' in run('explain', 'last')


def test_export_and_import(run, tmp_path):
    file = tmp_path / 'shared.json'
    assert run('export', str(file)) == f'{file} has 2 requests.\n'
    assert len(json.loads(file.read_text())['requests']) == 2
    assert '2 requests are taken in' in run('import', str(file))
    file.write_text('{}')
    with pytest.raises(SystemExit) as error:
        run('import', str(file))
    assert 'no file of the X-ray' in str(error.value)


def test_an_id_that_is_none_is_said_in_a_line(run):
    with pytest.raises(SystemExit) as error:
        run('show', 'nobody')
    assert str(error.value) == 'xray: no requests begin with nobody: python -m xray last 20 lists them'


def test_browse_scrolls_and_goes_to_an_earlier_request(run, tmp_path):
    child = pexpect.spawn(
        PYTHON,
        ['-m', 'xray', '--store', str(tmp_path / 'xray'), 'browse'],
        cwd=str(ROOT),
        dimensions=(12, 100),
        timeout=20,
        use_poll=True,
    )
    child.expect('request 1 of 2')
    child.send('\x1b[D')
    child.expect('request 2 of 2')
    child.send('\x1b[B')
    child.expect('line 2 of')
    child.send('q')
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_tail_shows_each_request_as_it_comes(ground, tmp_path):
    ground.get('/instances')
    ground.get('/xray/requests')
    child = pexpect.spawn(
        PYTHON, ['-m', 'xray', '--store', str(tmp_path / 'xray'), 'tail'], cwd=str(ROOT), timeout=20, use_poll=True
    )
    ground.get('/nowhere', status=404)
    for _ in range(3):
        if child.expect(['GET /nowhere', pexpect.TIMEOUT], timeout=3) == 0:
            break
        ground.get('/nowhere', status=404)
        ground.get('/xray/requests')
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()

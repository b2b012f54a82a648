"""make env and make class, against a Keystone that runs."""

import os
import re
import shlex
import stat

import pytest
import yaml

from cloud.keystone.cmd import classroom, env
from cloud.keystone.cmd.client import Client
from tests.cloud.keystone.conftest import write_ini
from tests.cloud.test_procfile import free_port
from tests.servers import WarmServer


@pytest.fixture(scope='module')
def keystone(tmp_path_factory):
    folder = tmp_path_factory.mktemp('keystone')
    port = free_port()
    ini = write_ini(folder, identity_endpoint=f'http://127.0.0.1:{port}/v3')
    running = WarmServer([str(ini), '--port', str(port)], folder / 'log')
    running.ini = str(ini)
    yield running
    running.end()


def exported(text):
    found = [re.fullmatch('export ([A-Z0-9_]+)=(.*)', line) for line in text.splitlines()]
    return {match[1]: shlex.split(match[2])[0] for match in found if match}


def comes_in(variables):
    names = ('OS_AUTH_URL', 'OS_USERNAME', 'OS_PASSWORD', 'OS_PROJECT_NAME')
    return Client(*(variables[name] for name in names))


def test_what_env_prints_lets_its_user_in_with_ec2s_keys_that_stay(keystone, capsys):
    printed = []
    for _ in range(2):
        env.main(['--ini', keystone.ini])
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    variables = exported(printed[0])
    assert variables['OS_USERNAME'] == 'demo'
    assert variables['AWS_ENDPOINT_URL_EC2'].endswith('/services/Cloud')
    client = comes_in(variables)
    assert client.ec2_keys(client.user_id, client.project_id)['secret'] == variables['AWS_SECRET_ACCESS_KEY']
    assert 'unset OS_AUTH_TYPE' in printed[0]


def test_the_admins_environment(keystone, capsys):
    env.main(['--ini', keystone.ini, '--user', 'admin'])
    assert comes_in(exported(capsys.readouterr().out)).ask('GET', '/users')['users']


def test_clouds_yaml_has_all_that_the_first_start_makes(keystone, capsys):
    env.main(['--ini', keystone.ini, '--clouds'])
    clouds = yaml.safe_load(capsys.readouterr().out)['clouds']
    assert list(clouds) == ['admin', 'demo', 'reader', 'alt']
    assert clouds['reader']['auth']['project_name'] == 'demo'


def test_without_keystone_env_prints_all_but_the_keys_and_says_why(tmp_path, capsys):
    ini = write_ini(tmp_path, identity_endpoint='http://127.0.0.1:1/v3')
    env.main(['--ini', str(ini)])
    printed = capsys.readouterr()
    assert exported(printed.out)['OS_PASSWORD'] == 'secret'
    assert 'AWS_ACCESS_KEY_ID' not in printed.out
    assert 'is "make cloud" running?' in printed.err


def test_an_ini_that_is_none_is_named(tmp_path):
    with pytest.raises(SystemExit, match='nowhere.ini'):
        env.main(['--ini', str(tmp_path / 'nowhere.ini')])


def test_each_student_of_a_class_comes_in_and_sees_no_other(keystone, tmp_path, capsys):
    classroom.main(['3', '--ini', keystone.ini, '--folder', str(tmp_path)])
    names = ['student01', 'student02', 'student03']
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == names
    files = {name: exported((tmp_path / f'{name}.rc').read_text()) for name in names}
    assert len({variables['OS_PASSWORD'] for variables in files.values()}) == 3
    projects = {comes_in(variables).project_id for variables in files.values()}
    assert len(projects) == 3
    assert list(yaml.safe_load((tmp_path / 'clouds.yaml').read_text())['clouds']) == names
    assert {stat.S_IMODE(os.stat(path).st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_a_class_asked_for_again_keeps_passwords_but_of_whom_the_file_is_gone(keystone, tmp_path):
    ask = ['2', '--ini', keystone.ini, '--folder', str(tmp_path)]
    classroom.main(ask)
    first, second = ((tmp_path / f'student0{number}.rc').read_text() for number in (1, 2))
    (tmp_path / 'student02.rc').unlink()
    classroom.main(ask)
    assert (tmp_path / 'student01.rc').read_text() == first
    again = (tmp_path / 'student02.rc').read_text()
    assert exported(again)['OS_PASSWORD'] != exported(second)['OS_PASSWORD']
    comes_in(exported(again))


@pytest.mark.parametrize('number', ['0', '501', 'many'])
def test_a_class_of_a_size_that_is_none(number, capsys):
    with pytest.raises(SystemExit):
        classroom.main([number])
    assert 'number' in capsys.readouterr().err or number == 'many'

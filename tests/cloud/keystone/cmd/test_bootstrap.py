"""What the first start makes, and what later ones leave alone."""

import stat
from concurrent.futures import ThreadPoolExecutor

from tests.cloud.keystone.conftest import write_ini
from tests.servers import WarmServer


def test_the_first_start_says_the_password_and_later_ones_change_nothing(load, capsys):
    keystone = load()
    assert 'the password of each is secret' in capsys.readouterr().out
    admin = keystone.token('admin', 'admin')
    before = keystone.ask('GET', '/users', token=admin)
    user = before['users'][0]['id']
    keystone.ask('PATCH', f'/users/{user}', {'user': {'password': 'mine'}}, token=admin)
    again = load(keystone.folder)
    assert capsys.readouterr().out == ''
    again.token('admin', 'admin', password='mine')
    again.token('admin', 'admin', status=401)


def test_a_token_counts_after_a_start(load):
    keystone = load()
    token = keystone.token('demo', 'demo')
    load(keystone.folder).ask('GET', '/auth/projects', token=token)


def test_the_catalog_is_what_the_ini_says_at_each_start(load):
    keystone = load(compute_endpoint='http://one/v2.1')
    again = load(keystone.folder, compute_endpoint='http://two/v2.1', ec2_endpoint='')
    catalog = again.ask('GET', '/auth/catalog', token=again.token('demo', 'demo'))['catalog']
    urls = {entry['type']: {place['url'] for place in entry['endpoints']} for entry in catalog}
    assert urls['compute'] == {'http://two/v2.1'}
    assert urls.get('ec2', set()) == set()


def test_the_users_of_the_lessons_have_a_password(load):
    keystone = load()
    keystone.token('alice', 'demo')
    keystone.token('bob', 'other')


def test_the_keys_are_for_this_user_alone(load):
    folder = load().folder / 'keys'
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]


def test_three_starts_at_once_make_one_keystone(tmp_path):
    ini = str(write_ini(tmp_path))
    with ThreadPoolExecutor(3) as pool:
        started = list(pool.map(lambda number: WarmServer([ini], tmp_path / f'{number}.log'), range(3)))
    for running in started:
        running.end()
    assert not any(running.log() for running in started)
    assert [path.name for path in (tmp_path / 'keys').iterdir()] == ['1']

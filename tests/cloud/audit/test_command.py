"""python -m cloud.audit, as a teacher types it."""

import json
import subprocess
import sys
import tracemalloc
import uuid

import pytest

from cloud.audit.images import Images
from cloud.glance.common import config
from cloud.glance.db.sqlalchemy.models import images, locations
from cloud.oslo.utils.timeutils import utcnow
from tests.cloud.nova.fakes import ACTIVE
from tests.cloud.nova.processes import ALICE, Cloud
from tests.cloud.nova.processes import Images as ImageServices
from tests.servers import ROOT


def run(*arguments):
    command = [sys.executable, '-m', 'cloud.audit', *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_it_reads_what_running_services_keep_and_finds_nothing(tmp_path):
    with ImageServices(tmp_path) as services, Cloud(tmp_path, services) as cloud:
        cloud.start_nova()
        image = cloud.upload(b'data', ALICE)
        assert cloud.boot(image)['status'] == 'ACTIVE'
        ended = run(*sorted(tmp_path.glob('*.ini')))
        assert (ended.returncode, ended.stdout) == (0, 'nothing found (1 images, 4 instances)\n')
        (tmp_path / 'images' / image).unlink()
        ended = run(*sorted(tmp_path.glob('*.ini')))
    assert ended.returncode == 1
    assert f'image {image} is active without its bytes' in ended.stdout


def test_without_inis_it_reads_the_ones_that_are_shipped():
    assert run('--quick', '--json').returncode in (0, 1)


def test_a_cloud_that_never_ran_is_whole_and_stays_as_it_was(cloud, audit, tmp_path, snapshot):
    ini = tmp_path / 'glance-api.ini'
    ini.write_text(ini.read_text().replace('glance.sqlite', 'none.sqlite').replace('/images', '/none'))
    before = snapshot()
    assert audit(inis=[ini]) == (0, ['nothing found (0 images, 0 instances)'])
    assert snapshot() == before


def test_it_only_reads(cloud, audit, snapshot):
    cloud.image()
    cloud.instance(ACTIVE)
    cloud.close()
    before = snapshot()
    assert audit()[0] == 0
    assert snapshot() == before


def test_what_a_killed_service_has_left_in_its_log_is_read(cloud, audit, snapshot):
    cloud.image()  # in the write-ahead log alone, while the database is open
    before = snapshot()
    assert audit() == (0, ['nothing found (1 images, 0 instances)'])
    assert set(snapshot()) == set(before)


def test_json_has_what_the_lines_have(cloud, audit):
    image = cloud.image()
    cloud.file(image).unlink()
    status, lines = audit('--json')
    report = json.loads('\n'.join(lines))
    assert status == 1
    assert (report['images'], report['instances']) == (1, 0)
    (finding,) = report['findings']
    assert set(finding) == {'service', 'kind', 'id', 'what', 'hint'}
    assert (finding['service'], finding['kind'], finding['id']) == ('glance-api.ini', 'no bytes', image)


def test_a_registry_with_another_database_is_found(cloud, found, tmp_path):
    ini = tmp_path / 'glance-registry.ini'
    ini.write_text(ini.read_text().replace('glance.sqlite', 'other.sqlite'))
    assert (
        f'the registry reads sqlite:///{tmp_path}/other.sqlite, and glance-api sqlite:///{tmp_path}/glance' in found()
    )


def test_two_inis_of_one_cloud_are_counted_once(cloud, audit):
    cloud.image()
    assert audit(inis=[*cloud.inis, *cloud.inis]) == (0, ['nothing found (1 images, 0 instances)'])


@pytest.mark.parametrize(
    ('ini', 'message'),
    [
        ('/nowhere.ini', 'audit: /nowhere.ini: '),
        (ROOT / 'configure.ini', 'its service keeps nothing: give the ini of glance-api, of its registry, or of nova'),
        (ROOT / 'README.md', f'audit: {ROOT}/README.md: '),
    ],
)
def test_an_ini_that_is_none_of_a_service_is_told_in_one_line(audit, ini, message):
    status, lines = audit(inis=[ini])
    assert status == 2
    (line,) = lines
    assert message in line


def test_a_file_that_is_no_database_is_told_in_one_line(cloud, audit, tmp_path):
    cloud.close()
    (tmp_path / 'glance.sqlite').write_bytes(b'no database' * 1000)
    status, lines = audit()
    assert status == 2
    assert lines == [f'audit: sqlite:///{tmp_path}/glance.sqlite: file is not a database']


def test_memory_stays_flat_however_many_images_there_are(cloud):
    moment = {'created_at': utcnow(), 'updated_at': utcnow(), 'status': 'active', 'size': 4}
    options = config.parse(
        {
            'sql_connection': f'sqlite:///{cloud.folder}/glance.sqlite',
            'filesystem_store_datadir': f'{cloud.folder}/images',
        }
    )

    def add(number):
        rows = [{'id': str(uuid.uuid4()), **moment} for _ in range(number)]
        with cloud.glance.writing() as connection:
            connection.execute(images.insert(), rows)
            places = [{'image_id': row['id'], 'value': 'http://127.0.0.1:1/'} for row in rows]
            connection.execute(locations.insert(), places)

    def peak():
        audit = Images(options)
        tracemalloc.start()
        assert list(audit.findings()) == []
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        audit.database.close()
        return used

    add(2000)
    few = peak()
    add(18000)
    assert peak() < few * 2

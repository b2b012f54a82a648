"""The soak sees what is lost: a cloud that answers wrongly is found out."""

import hashlib
import json

import pytest

from soak import comparison, images_v2
from soak.client import CUT, Answer
from soak.ledger import Image, Instance, Ledger
from soak.report import Report
from soak.traffic import World

DATA = b'bytes of an image'
DIGEST = hashlib.md5(DATA, usedforsecurity=False).hexdigest()
DONE, DENIED, UNKNOWN = Answer(200), Answer(403), Answer(CUT)


class Cloud:
    """A client whose services answer what stands in `answers` by path; all else is 404."""

    def __init__(self):
        self.answers = {'/instances?limit=100&all_tenants=1': document({'instances': []})}

    def ask(self, operation, service, method, path, token, body=None, **headers):
        return self.answers.get(path, Answer(404))


def document(fields):
    return Answer(200, {}, json.dumps(fields).encode())


@pytest.fixture
def world():
    return World(Cloud(), Ledger(), Report(), 'http://127.0.0.1:1')


@pytest.fixture
def image(world):
    """An image whose creation and bytes were acknowledged, in a cloud that has it."""
    image = world.ledger.add(Image('1', 'alice-token', 'web'))
    image.is_created = True
    image.end_upload(image.begin_upload(DATA), DONE)
    shown = {'status': 'active', 'checksum': DIGEST, 'name': 'web', 'tags': [], 'protected': False}
    world.client.answers.update({
        '/v2/images/1': document(shown),
        '/v2/images/1/file': Answer(200, {}, DATA),
        '/v2/images/1/members': document({'members': []}),
    })  # fmt: skip
    return image


@pytest.fixture
def instance(world):
    instance = world.ledger.add(Instance('2', 'alice-token', 'web', None))
    instance.is_created = True
    world.client.answers['/instances/2'] = document({'instance': {'name': 'web', 'status': 'ACTIVE'}})
    return instance


def found(world):
    comparison.compare(world)
    return set(world.report.findings)


def change(world, path, **fields):
    world.client.answers[path] = document({**world.client.answers[path].json(), **fields})


def test_what_is_as_acknowledged_is_no_finding(world, image, instance):
    assert found(world) == set()


@pytest.mark.parametrize('path', ['/v2/images/1', '/instances/2'])
def test_what_is_gone_and_nobody_asked_to_delete_is_lost(world, image, instance, path):
    del world.client.answers[path]
    assert found(world) == {'lost'}


@pytest.mark.parametrize('answer', [UNKNOWN, Answer(503)])
def test_what_somebody_may_have_deleted_may_be_gone_and_may_be_there(world, image, answer):
    image.begin_delete()
    image.end_delete(answer)
    assert found(world) == set()
    world.client.answers.pop('/v2/images/1')
    assert found(world) == set()


def test_a_denied_delete_has_deleted_nothing(world, image):
    image.begin_delete()
    image.end_delete(DENIED)
    del world.client.answers['/v2/images/1']
    assert found(world) == {'lost'}


def test_what_was_deleted_for_certain_may_not_come_back(world, image):
    image.begin_delete()
    image.end_delete(DONE)
    assert found(world) == {'came back'}


def test_what_was_protected_for_certain_may_not_be_deleted_for_certain(world, image):
    image.fact('protected').settle(True, DONE)
    image.begin_delete()
    image.end_delete(DONE)
    del world.client.answers['/v2/images/1']
    assert found(world) == {'deleted though protected'}


def test_other_bytes_are_found(world, image):
    world.client.answers['/v2/images/1/file'] = Answer(200, {}, b'other bytes')
    assert found(world) == {'other bytes'}


@pytest.mark.parametrize('fields', [{'status': 'queued'}, {'checksum': 'f' * 32}, {'name': 'other'}, {'tags': ['a']}])
def test_another_state_than_the_acknowledged_one_is_found(world, image, fields):
    change(world, '/v2/images/1', **fields)
    assert found(world) == {'not as acknowledged'}


def test_a_value_that_may_have_been_set_may_be_there(world, image):
    image.fact('name').settle('perhaps', UNKNOWN)
    image.fact('name').settle('web', DONE)
    change(world, '/v2/images/1', name='perhaps')
    assert found(world) == set()


def test_a_value_that_was_refused_may_not_be_there(world, image):
    image.fact('name').settle('refused', DENIED)
    change(world, '/v2/images/1', name='refused')
    assert found(world) == {'not as acknowledged'}


def test_a_member_that_was_acknowledged_is_there(world, image):
    image.fact('member bob').settle(True, DONE)
    assert found(world) == {'not as acknowledged'}


def test_an_upload_that_nobody_finishes_is_found(world, image):
    image.digest = None
    change(world, '/v2/images/1', status='saving')
    assert found(world) == {'half done'}


def test_an_instance_in_error_without_a_fault_is_found(world, instance):
    change(world, '/instances/2', instance={'name': 'web', 'status': 'ERROR'})
    assert found(world) == {'half done'}


def test_an_instance_that_stays_in_build_is_found_whoever_has_it(world, monkeypatch):
    monkeypatch.setattr(comparison, 'PATIENCE', 0)
    listed = {'instances': [{'id': '3', 'status': 'BUILD'}]}
    world.client.answers['/instances?limit=100&all_tenants=1'] = document(listed)
    assert found(world) == {'in BUILD'}


def test_a_disk_with_other_bytes_than_its_image_is_found(world, image, tmp_path):
    instance = world.ledger.add(Instance('2', 'alice-token', 'web', image))
    instance.is_active = True
    (tmp_path / '2').mkdir()
    (tmp_path / '2' / 'disk').write_bytes(DATA)
    comparison.compare_disks(world, tmp_path)
    assert not world.report.findings
    (tmp_path / '2' / 'disk').write_bytes(DATA[:4])
    comparison.compare_disks(world, tmp_path)
    assert set(world.report.findings) == {'other bytes'}


def test_two_acknowledged_uploads_of_one_image_are_found(image):
    assert 'two uploads of image 1' in image.end_upload(image.begin_upload(b'others'), DONE)


def test_a_download_is_compared_while_there_is_traffic(world, image):
    class Somebody:
        def found(self, kind, text):
            world.report.found(kind, text)

    images_v2.check_data(Somebody(), image, Answer(200, {}, DATA))
    assert not world.report.findings
    for lost in (Answer(200, {}, DATA[:4]), Answer(204)):
        world.report.findings.clear()
        images_v2.check_data(Somebody(), image, lost)
        assert set(world.report.findings) == {'other bytes'}

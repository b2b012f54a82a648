import pytest

from cloud.nova import exception
from cloud.nova.api.ec2 import ec2utils
from cloud.nova.db.sqlalchemy.api import Database
from tests.cloud.nova.image.test_s3 import CONTEXT, IMAGE, KERNEL

WEEK = 7 * 24 * 60 * 60


@pytest.fixture
def db_api(tmp_path):
    database = Database(f'sqlite:///{tmp_path}/nova.sqlite')
    yield database
    database.close()


@pytest.fixture
def ids(db_api):
    """ImageIds whose clock is set by ids.now."""
    ids = ec2utils.ImageIds(db_api, clock=lambda: ids.now)
    ids.now = 0
    return ids


class TestNumbers:
    def test_an_image_gets_the_next_number_when_it_is_first_seen_and_keeps_it(self, db_api, ids):
        assert [ids.glance_id_to_id(CONTEXT, image) for image in (IMAGE, KERNEL, IMAGE)] == [1, 2, 1]
        assert ec2utils.ImageIds(db_api).glance_id_to_id(CONTEXT, KERNEL) == 2

    def test_a_number_leads_back_to_the_image(self, ids):
        ids.glance_id_to_id(CONTEXT, IMAGE)
        assert ids.id_to_glance_id(CONTEXT, 1) == IMAGE

    @pytest.mark.parametrize('number', [1, 0, 0xFFFFFFFF])
    def test_a_number_that_was_not_given_to_any(self, ids, number):
        with pytest.raises(exception.ImageNotFound):
            ids.id_to_glance_id(CONTEXT, number)

    def test_both_ways_by_ec2s_ids(self, ids):
        assert ids.glance_id_to_ec2_id(CONTEXT, IMAGE) == 'ami-00000001'
        assert ids.glance_id_to_ec2_id(CONTEXT, KERNEL, 'aki') == 'aki-00000002'
        assert ids.ec2_id_to_glance_id(CONTEXT, 'aki-00000002') == KERNEL


class TestMemory:
    @pytest.fixture
    def asked(self, ids, monkeypatch):
        """The questions that the database has to answer."""
        asked = []
        monkeypatch.setattr(ids.db_api, 's3_image_get', lambda number: asked.append(number) or {'uuid': f'u{number}'})
        monkeypatch.setattr(ids.db_api, 's3_image_get_by_uuid', lambda uuid: asked.append(uuid) or {'id': 7})
        return asked

    def test_an_answer_is_remembered_by_the_functions_name_and_its_argument(self, ids, asked):
        for _ in range(2):
            assert [ids.id_to_glance_id(CONTEXT, number) for number in (1, 2)] == ['u1', 'u2']
            assert ids.glance_id_to_id(CONTEXT, '1') == 7
        assert asked == [1, 2, '1']

    def test_it_is_forgotten_after_a_week(self, ids, asked):
        for now in (0, WEEK - 1, WEEK, WEEK + 1):
            ids.now = now
            ids.id_to_glance_id(CONTEXT, 1)
        assert asked == [1, 1]

    def test_that_there_is_no_such_image_is_not_remembered(self, ids):
        with pytest.raises(exception.ImageNotFound):
            ids.id_to_glance_id(CONTEXT, 1)
        ids.glance_id_to_id(CONTEXT, IMAGE)
        assert ids.id_to_glance_id(CONTEXT, 1) == IMAGE


class TestForms:
    @pytest.mark.parametrize(
        ('ec2_id', 'number'),
        [('ami-00000001', 1), ('aki-0000001f', 31), ('i-0000001F', 31), ('ami-x-10', 16), ('ff', 255), ('-1', 1)],
    )
    def test_an_ec2_id_is_the_hexadecimals_after_the_last_dash(self, ec2_id, number):
        assert ec2utils.ec2_id_to_id(ec2_id) == number

    @pytest.mark.parametrize('ec2_id', ['', 'ami-', 'ami', 'ami-xyz', 'ami-0x1', 'ami-1_0', 'ami- 1', 'ami-1\n',
                                        'ami-٣', 'ami-123456789'])  # fmt: skip
    def test_anything_else_is_none(self, ec2_id):
        with pytest.raises(exception.InvalidEc2Id):
            ec2utils.ec2_id_to_id(ec2_id)

    def test_a_number_is_eight_hexadecimals_behind_the_kind(self):
        assert ec2utils.image_ec2_id(31) == 'ami-0000001f'
        assert ec2utils.image_ec2_id(31, 'ari') == 'ari-0000001f'
        assert ec2utils.id_to_ec2_id(31) == 'i-0000001f'

    @pytest.mark.parametrize(
        ('text', 'kind'),
        [('kernel', 'aki'), ('ramdisk', 'ari'), ('machine', 'ami'), ('aki', 'aki'), ('ari', 'ari'), ('ami', 'ami'),
         ('bare', 'ami'), (None, 'ami')],
    )  # fmt: skip
    def test_the_kinds_are_kernels_ramdisks_and_all_others(self, text, kind):
        assert ec2utils.image_type(text) == kind

import pytest

from cloud.nova import exception
from cloud.nova.quota import Quotas
from tests.cloud.nova.fakes import ALICE, BOB, IMAGE
from tests.cloud.oslo.db.sqlalchemy.test_session import run_all

ONE = {'instances': 1, 'cores': 1, 'ram': 512}


def check(allowed, used, **limits):
    limits = {'instances': allowed, 'cores': -1, 'ram': -1, **limits}
    Quotas.check_instances(None, limits, {'instances': used, 'cores': used, 'ram': used * 512}, ONE)


def test_a_project_may_have_as_many_as_the_quota_says():
    check(5, 4)
    with pytest.raises(exception.TooManyInstances) as refused:
        check(5, 5)
    assert str(refused.value) == 'Quota exceeded for instances: Requested 1, but already used 5 of 5 instances'
    assert refused.value.code == 403


def test_a_quota_of_none_allows_none_and_a_negative_one_allows_any_number():
    with pytest.raises(exception.TooManyInstances, match='already used 0 of 0'):
        check(0, 0)
    check(-1, 10**9)


def test_a_quota_made_smaller_refuses_what_is_over_it():
    with pytest.raises(exception.TooManyInstances, match='already used 7 of 5'):
        check(5, 7)


def test_all_that_is_over_its_quota_is_named():
    with pytest.raises(exception.TooManyInstances, match='for cores, ram: Requested 1, 512, but already used 2, 1024'):
        check(5, 2, cores=2, ram=1024)


@pytest.mark.parametrize('image', [None, IMAGE])
def test_twelve_creates_at_once_are_five_in_the_end(cloud, image):
    cloud.quotas.options.quota_instances = 5
    errors = run_all([lambda: cloud.compute_api.create(ALICE, 'web', image)] * 12)
    assert [type(error) for error in errors] == [exception.TooManyInstances] * 7
    assert len(cloud.compute_api.get_all(ALICE)) == 5


def test_each_project_has_its_own_and_a_delete_makes_room(cloud):
    cloud.quotas.options.quota_instances = 1
    first = cloud.compute_api.create(ALICE, 'web')
    cloud.compute_api.create(BOB, 'web')
    with pytest.raises(exception.TooManyInstances):
        cloud.compute_api.create(ALICE, 'web')
    cloud.compute_api.delete(ALICE, first['uuid'])
    cloud.compute_api.create(ALICE, 'web')


def test_what_cannot_be_handed_to_the_conductor_counts_no_longer(cloud, monkeypatch):
    cloud.quotas.options.quota_instances = 1

    def refuse(*args):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(cloud.compute_api.compute_task_api, 'build_instances', refuse)
        with pytest.raises(RuntimeError):
            cloud.compute_api.create(ALICE, 'web', IMAGE)
    cloud.compute_api.create(ALICE, 'web', IMAGE)

import types

import pytest

from cloud.nova import exception
from cloud.nova.quota import Quotas
from tests.cloud.nova.fakes import ALICE, BOB, IMAGE
from tests.cloud.oslo.db.sqlalchemy.test_session import run_all


def quotas(allowed):
    return Quotas(types.SimpleNamespace(quota_instances=allowed))


def test_a_project_may_have_as_many_as_the_quota_says():
    quotas(5).check_instances(4)
    with pytest.raises(exception.TooManyInstances) as refused:
        quotas(5).check_instances(5)
    assert str(refused.value) == 'Quota exceeded for instances: Requested 1, but already used 5 of 5 instances'
    assert refused.value.code == 403


def test_a_quota_of_none_allows_none_and_a_negative_one_allows_any_number():
    with pytest.raises(exception.TooManyInstances, match='already used 0 of 0'):
        quotas(0).check_instances(0)
    quotas(-1).check_instances(10**9)


def test_a_quota_made_smaller_refuses_what_is_over_it():
    with pytest.raises(exception.TooManyInstances, match='already used 7 of 5'):
        quotas(5).check_instances(7)


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


def test_what_cannot_be_handed_to_the_manager_counts_no_longer(cloud, monkeypatch):
    cloud.quotas.options.quota_instances = 1

    def refuse(context, instance):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(cloud.manager, 'run_instance', refuse)
        with pytest.raises(RuntimeError):
            cloud.compute_api.create(ALICE, 'web', IMAGE)
    cloud.compute_api.create(ALICE, 'web', IMAGE)

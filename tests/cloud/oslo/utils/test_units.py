"""Sizes in bytes."""

from cloud.oslo.utils import units


def test_each_unit_is_1024_of_the_one_before():
    assert [units.Ki, units.Mi, units.Gi, units.Ti] == [1024**power for power in (1, 2, 3, 4)]
    assert units.CHUNK == 65536

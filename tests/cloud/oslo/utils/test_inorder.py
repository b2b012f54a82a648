import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.oslo.utils.inorder import InOrder

KEYS = st.sampled_from('abcdef')


@given(st.lists(st.tuples(st.sampled_from(['set', 'del', 'pop', 'setdefault', 'update', 'clear']), KEYS)))
def test_it_is_a_dict_and_knows_what_comes_after_each_key(changes):
    table, model = InOrder(), {}
    for number, (change, key) in enumerate(changes):
        for target in (table, model):
            if change == 'set':
                target[key] = number
            elif change == 'del' and key in target:
                del target[key]
            elif change == 'pop':
                target.pop(key, None)
            elif change == 'setdefault':
                target.setdefault(key, number)
            elif change == 'update':
                target.update({key: number, 'z': number})
            elif change == 'clear':
                target.clear()
        assert table == model
        keys = list(model)
        assert list(table) == list(table.after(None)) == keys
        for place, key in enumerate(keys):
            assert list(table.after(key)) == keys[place + 1 :]


def test_after_a_key_that_is_not_there_comes_a_key_error():
    with pytest.raises(KeyError):
        InOrder().after('a')


def test_to_go_on_after_the_last_of_many_takes_no_longer_than_after_the_first():
    table = InOrder()
    for number in range(100_000):
        table[str(number)] = number
    first, last = (min(seconds_of(table, key) for _ in range(20)) for key in ('0', '99000'))
    assert last < 3 * first


def seconds_of(table, key):
    start = time.perf_counter()
    for _, later in zip(range(100), table.after(key)):
        assert later in table
    return time.perf_counter() - start

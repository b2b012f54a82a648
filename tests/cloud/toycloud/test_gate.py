"""A moment without requests."""

import threading

import pytest

from cloud.toycloud.gate import Busy, Gate
from tests.waiting import join


def test_who_wants_to_be_alone_waits_for_the_requests_before_and_keeps_out_those_that_come():
    gate, order, inside, may_end = Gate(), [], threading.Event(), threading.Event()

    def first():
        with gate.passing():
            inside.set()
            may_end.wait(30)
            order.append('before')

    def alone():
        with gate.alone():
            late.start()
            late.join(0.1)
            order.append('alone')

    def second():
        with gate.passing():
            order.append('after')

    late = threading.Thread(target=second)
    threads = [threading.Thread(target=target) for target in (first, alone)]
    threads[0].start()
    assert inside.wait(30)
    threads[1].start()
    may_end.set()
    join(*threads, late)
    assert order == ['before', 'alone', 'after']


def test_a_request_that_does_not_end_is_waited_for_so_long_and_the_gate_is_open_again():
    gate = Gate()
    with gate.passing():
        with pytest.raises(Busy, match='1 requests are still under way') as busy, gate.alone(seconds=0.01):
            pass
        assert busy.value.code == 503
        with gate.passing():
            assert gate.running == 2
    assert gate.running == 0


def test_what_fails_while_alone_leaves_the_gate_open():
    gate = Gate()
    with pytest.raises(KeyError), gate.alone():
        raise KeyError
    with gate.passing(), gate.delaying(1) as may, gate.delaying(1) as may_not:
        assert (may, may_not) == (True, False)
    assert gate.delayed == 0

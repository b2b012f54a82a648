"""Run contenders in turns, and say how their times compare."""

import gc
import random
import statistics
import time
from dataclasses import dataclass
from functools import partial

from bench.answers import check_status, ids
from bench.effort import seconds


@dataclass
class Ratio:
    """How one contender's times divide by another's, round by round: the median and the quartiles around it."""

    low: float
    median: float
    high: float


def interleaved(contenders, rounds, limit):
    """Run each contender once a round, in shuffled order; return {name: [seconds of each round]}.

    contenders: {name: function that runs once and returns the seconds it took}. rounds: how many, but after `limit`
    seconds no new one begins (three at least, for the quartiles). What lives before the first round is kept away from
    the garbage collector, so that nobody pays for somebody else's memory.
    """
    times = {name: [] for name in contenders}
    order, dice, end = list(contenders), random.Random(1), time.monotonic() + seconds(limit)
    gc.collect()
    gc.freeze()
    for number in range(rounds):
        if number >= 3 and time.monotonic() > end:
            break
        dice.shuffle(order)
        for name in order:
            times[name].append(contenders[name]())
    gc.unfreeze()
    return times


def ratio(ours, theirs):
    """The Ratio of two contenders' lists of seconds, each pair from the same round."""
    return Ratio(*statistics.quantiles((our / their for our, their in zip(ours, theirs)), n=4))


def compare(clients, request, count, rounds, limit):
    """Let {name: client} send the request `count` times each round; return {name: [seconds per request]}."""
    contenders = {
        name: partial(batch, name, client, request.at(ids(client)[0]), count) for name, client in clients.items()
    }
    return interleaved(contenders, rounds, limit)


def batch(name, client, request, count):
    """Seconds per request of `count`. A look at each status comes after; what is created stays."""
    seconds, answers = client.timed(request, count)
    for answer in answers:
        check_status(name, request, answer)
    return seconds / count

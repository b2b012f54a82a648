"""The weights: of the hosts that can, which is the best. Each weigher gives a number between 0 and 1, times its weight.

Use: weigh([RAMWeigher(options)], hosts, filter_properties)  ->  [(host, 1.0), ...]
This folder need not be read to follow a request.
Real: nova 2014.2 nova/scheduler/weights/__init__.py BaseHostWeigher, nova/weights.py BaseWeightHandler, normalize
Left out: metrics, I/O.
"""

from cloud.nova.scheduler.weights.ram import RAMWeigher

ALL = (RAMWeigher,)


def weigh(weighers, hosts, filter_properties):
    """[(host, weight)], the best first; of two that weigh the same, the one that came first."""
    sums = [0.0] * len(hosts)
    for weigher in weighers:
        numbers = normalize([weigher.weigh_object(host, filter_properties) for host in hosts])
        sums = [before + weigher.multiplier * number for before, number in zip(sums, numbers)]
    return sorted(zip(hosts, sums), key=lambda pair: -pair[1])


def normalize(numbers):
    """The numbers between 0, for the least of them, and 1, for the greatest."""
    low, high = min(numbers), max(numbers)
    return [(number - low) / (high - low) if high > low else 0.0 for number in numbers]

"""What a client does next follows from its seed, from what was asked for, and from how much there is already."""

import threading
from types import SimpleNamespace

import pytest

from soak import images_v1, images_v2, instances, traffic
from soak.killer import Killer
from soak.ledger import Image, Ledger
from soak.report import Report


@pytest.fixture
def worker():
    """worker(seed): a client of that seed; kinds: of what it does."""

    def worker(seed, kinds=tuple(traffic.MODULES), number=0):
        world = traffic.World(SimpleNamespace(ask=None), Ledger(), Report(), '', kinds)
        return traffic.Worker(world, threading.Event(), seed, number)

    return worker


def choices(client):
    return [client.choose() for _ in range(200)]


def test_the_same_seed_chooses_the_same_and_another_one_does_not(worker):
    assert choices(worker(1)) == choices(worker(1))
    assert choices(worker(1)) != choices(worker(2))
    assert choices(worker(1)) != choices(worker(1, number=1))


def test_all_kinds_are_chosen(worker):
    modules = {operation.__module__ for operation in choices(worker(1))}
    assert modules == {module.__name__ for module in traffic.MODULES.values()}


@pytest.mark.parametrize(('kind', 'module'), [('v1', images_v1), ('v2', images_v2), ('nova', instances)])
def test_one_kind_alone_is_chosen_when_asked_for(worker, kind, module):
    assert {operation.__module__ for operation in choices(worker(1, [kind]))} == {module.__name__}


@pytest.mark.parametrize(('kind', 'names'), [('v1', {'delete'}), ('v2', {'delete', 'unprotect'})])
def test_where_there_are_many_images_they_become_fewer(worker, kind, names):
    client = worker(1, [kind])
    for number in range(traffic.MOST[Image] + 1):
        client.ledger.add(Image(str(number), 'alice-token', 'web'))
    assert {operation.__name__ for operation in choices(client)} == names


def test_what_begins_is_lain_in_wait_for_only_where_it_is_done():
    world = SimpleNamespace(client=SimpleNamespace(), report=Report(), kinds=['v2'])
    killer = Killer(None, world, threading.Event(), 1)
    assert killer.ambushes == [('v2 delete', 'glance'), ('v2 upload', 'glance')]

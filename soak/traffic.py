"""The clients: each a thread, which chooses by its own seed what to do next."""

import threading
import traceback
import uuid
from random import Random
from typing import NamedTuple

from soak import images_v1, images_v2, instances, registry, strangers
from soak.client import Client
from soak.ledger import Image, Instance, Ledger
from soak.report import Report

# Each has OPERATIONS: (how often, what), of all there is to do.
MODULES = {'v2': images_v2, 'v1': images_v1, 'registry': registry, 'nova': instances, 'strangers': strangers}
MOST = {Image: 120, Instance: 40}  # that live at a time: beyond, all that anybody does is to delete
CLEARINGS = {
    Image: [('v1', images_v1.delete), ('v2', images_v2.delete), ('v2', images_v2.unprotect)],
    Instance: [('nova', instances.delete)],
}
SIZES = ((70, 0, 4000), (25, 4000, 100_000), (5, 500_000, 3_000_000))  # (how often, from, to) bytes
PAUSE = 1  # seconds, where nobody listens


class World(NamedTuple):
    """What all operations work with."""

    client: Client
    ledger: Ledger
    report: Report
    source: str  # the URL of a web server to copy images from
    kinds: tuple = tuple(MODULES)  # of what is done


class Worker(threading.Thread):
    """One client. Operations find in it: ask, rng, source, found(kind, text), pick, new_id, word, data, and
    delete, look and set, which note what came of it."""

    def __init__(self, world, stop, seed, number):
        super().__init__(name=f'client {number}', daemon=True)
        self.ask, self.ledger, self.found = world.client.ask, world.ledger, world.report.found
        self.source = world.source
        self.stop, self.rng = stop, Random(f'{seed} client {number}')
        self.kinds = world.kinds
        self.weights, self.operations = zip(*(one for kind in world.kinds for one in MODULES[kind].OPERATIONS))

    def run(self):
        while not self.stop.is_set():
            try:
                answer = self.choose()(self)
            except Exception:
                self.found('the soak itself', traceback.format_exc())
                return
            if answer is not None and not answer.is_done and not answer.is_denied:
                self.stop.wait(self.rng.uniform(0, PAUSE))

    def choose(self):
        for kind, most in MOST.items():
            ways = [way for name, way in CLEARINGS[kind] if name in self.kinds]
            if ways and self.ledger.number(kind) > most:
                return self.rng.choice(ways)
        return self.rng.choices(self.operations, self.weights)[0]

    def new_id(self):
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def word(self):
        return f'w{self.rng.getrandbits(40):x}'

    def data(self):
        _weight, least, most = self.rng.choices(SIZES, [size[0] for size in SIZES])[0]
        return self.rng.randbytes(self.rng.randint(least, most))

    def pick(self, kind, condition=lambda thing: True):
        return self.ledger.pick(kind, self.rng, condition)

    def delete(self, thing, *request):
        """Ask for an end, and note what came of it."""
        thing.begin_delete()
        answer = self.ask(*request)
        thing.end_delete(answer)
        if answer.is_done or answer.status == 404:
            self.ledger.bury(thing)
        return answer

    def look(self, thing, *request, **headers):
        """Look at an image or an instance that may, or must, or must not be there."""
        was_created, was_deleted = thing.is_created, thing.is_deleted
        answer = self.ask(*request, **headers)
        if answer.is_denied and was_created and not thing.may_be_gone():
            self.found('is not there', f'{request}: {answer.status}, and nobody asked to delete it')
        if answer.is_done and was_deleted:
            self.found('came back', f'{request}: {answer.status}, after its deletion was acknowledged')
        return answer

    def set(self, thing, name, value, *request, **headers):
        """Ask for a Fact to have this value."""
        with thing.lock:
            answer = self.ask(*request, **headers)
            thing.fact(name).settle(value, answer)
        return answer

"""kill -9: one service in the middle of something, or all at once; sometimes in the middle of its start."""

import threading
import time
from random import Random

# (what is begun, who dies a moment later): all that two of database, files and another service have a part in
AMBUSHES = (
    ('v2 delete', 'glance'),
    ('v1 delete', 'glance'),
    ('v1 delete', 'registry'),
    ('v2 upload', 'glance'),
    ('v1 upload', 'registry'),
    ('v1 create', 'glance'),
    ('v1 create', 'registry'),
    ('v1 copy', 'glance'),
    ('nova boot', 'nova'),
    ('nova boot', 'glance'),
    ('nova delete', 'nova'),
)
MOMENT = 0.2  # seconds at most


class Killer(threading.Thread):
    """Kills and starts until `stop`, an Event, is set; then all run. The client tells it what begins."""

    def __init__(self, services, world, stop, seed):
        super().__init__(name='killer', daemon=True)
        self.services, self.stop, self.report = services, stop, world.report
        self.rng = Random(f'{seed} killer')
        self.awaited, self.begun = None, threading.Event()
        self.ambushes = [each for each in AMBUSHES if each[0].split()[0] in world.kinds]
        world.client.tell = self.hear

    def hear(self, operation):
        if operation == self.awaited:
            self.begun.set()

    def run(self):
        while not self.stop.wait(self.rng.uniform(0.2, 2)):
            names = self.choose()
            self.kill(*names)
            self.stop.wait(self.rng.uniform(0, 0.5))
            self.start_again(*names)
            if self.rng.random() < 0.2:
                self.stop.wait(self.rng.uniform(0, 3))
                self.kill(names[0])
                self.start_again(names[0])
            if not all(self.services[name].serves() for name in names):
                return self.stop.set()

    def choose(self):
        """Who is to die, at the moment when it is time."""
        if self.rng.random() < 0.15 or not self.ambushes:
            return list(self.services.by_name)
        self.begun.clear()
        self.awaited, name = self.rng.choice(self.ambushes)
        self.begun.wait(2)
        time.sleep(self.rng.uniform(0, MOMENT))
        return [name]

    def kill(self, *names):
        for name in names:
            if not self.services[name].has_ended_by_itself():
                self.services[name].kill()
                self.report.killed(name)

    def start_again(self, *names):
        for name in names:
            self.services.start_one(name)

"""kill -9, at random moments: one service, or all at once; sometimes in the middle of its start."""

import threading
from random import Random

WEIGHTS = {'registry': 1, 'glance': 2, 'nova': 1}


class Killer(threading.Thread):
    """Kills and starts until `stop`, an Event, is set; then all run."""

    def __init__(self, services, stop, seed, report):
        super().__init__(name='killer', daemon=True)
        self.services, self.stop, self.report = services, stop, report
        self.rng = Random(f'{seed} killer')

    def run(self):
        while not self.stop.wait(self.rng.uniform(0.2, 2)):
            self.kill_some()

    def kill_some(self):
        chosen = list(WEIGHTS) if self.rng.random() < 0.15 else self.rng.choices(list(WEIGHTS), WEIGHTS.values())
        for name in chosen:
            self.kill(name)
        self.stop.wait(self.rng.uniform(0, 0.5))
        for name in chosen:
            self.services.start_one(name)
        if self.rng.random() < 0.2:
            self.stop.wait(self.rng.uniform(0, 3))
            self.kill(chosen[0])
            self.services.start_one(chosen[0])
        for name in chosen:
            self.services[name].wait_until_it_listens()

    def kill(self, name):
        if not self.services[name].has_ended_by_itself():
            self.services[name].kill()
            self.report.killed(name)

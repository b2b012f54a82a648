"""The machine of an instance, as far as there is one: whether it runs, and what it has written to its console.

    INSTANCES_PATH/ID/power          running, paused, shutdown, ...
    INSTANCES_PATH/ID/console.log    a line for each thing that happened to it

Both are files, so they outlive the service; whoever writes `shutdown` into the first has pulled the plug, and the next
look at the power states finds out.
Use: power = Power(folder); power.set(power_state.RUNNING, 'boots'); power.get(); power.tail(10)
Real: none; nova 2014.2 nova/virt/fake.py FakeDriver keeps a dict
"""

import os

from cloud.nova.compute import power_state
from cloud.oslo.utils.timeutils import isotime, utcnow

BY_NAME = {name: number for number, name in power_state.STATE_MAP.items()}
MOST = 1024 * 1024  # bytes of a console that are looked at


class Power:
    """folder: the instance's, which must be there for everything but get() and tail()."""

    def __init__(self, folder):
        self.folder = folder
        self.state, self.console = os.path.join(folder, 'power'), os.path.join(folder, 'console.log')

    def get(self):
        """The power state; NOSTATE if there is no machine. A disk of before there were such files runs."""
        try:
            with open(self.state) as file:
                return BY_NAME.get(file.read(64).strip(), power_state.NOSTATE)
        except OSError:
            there = os.path.exists(os.path.join(self.folder, 'disk'))
            return power_state.RUNNING if there else power_state.NOSTATE

    def set(self, state, what):
        """The machine is in that state now, and its console says what happened."""
        with open(f'{self.state}.new', 'w') as file:
            file.write(power_state.STATE_MAP[state] + '\n')
        os.replace(f'{self.state}.new', self.state)
        self.log(what)

    def log(self, what):
        with open(self.console, 'a') as file:
            file.write(f'[{isotime(utcnow())}] {what}\n')

    def tail(self, lines=None):
        """The last lines of the console, all of them for None."""
        try:
            with open(self.console, 'rb') as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - MOST))
                text = file.read().decode(errors='replace')
        except OSError:
            return ''
        kept = text.splitlines(keepends=True)
        return ''.join(kept if lines is None else kept[len(kept) - lines if lines < len(kept) else 0 :])

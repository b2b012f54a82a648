"""What the cloud holds in memory."""

import os
import subprocess
import sys

from bench.effort import at_most
from bench.over_http import ROOT
from bench.table import Row


def memory():
    """Processes with 10, 1,000 and 100,000 instances, one after the other."""
    if not os.path.exists('/proc/self/statm'):
        return [Row('memory', here='not measured: needs /proc')]
    counts = (10, 1000, at_most(100_000, quick=10_000))
    sizes = [resident(count) for count in counts]
    found = [Row(f'memory: {count:,} instances', here=f'{size / 1e6:.1f} MB') for count, size in zip(counts, sizes)]
    each = (sizes[-1] - sizes[0]) / (counts[-1] - counts[0])
    return [*found, Row('memory: one instance more', here=f'{each:.0f} bytes')]


def resident(count):
    command = [sys.executable, '-m', 'bench.ground_floor.resident', str(count)]
    return int(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300).stdout)

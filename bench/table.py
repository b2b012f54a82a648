"""One table for every section: a Row is one comparison, or one number that stands alone."""

import datetime
import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from statistics import median

from bench.measure import Ratio, ratio

COLUMNS = ('measured', 'against', 'ratio', 'quartiles', 'target', 'met', 'here')
LEGEND = """\
- **measured**, **against**: what ran, and what ran in turns with it.
- **ratio**: time of the measured divided by time of the other, the median over all rounds; below 1 the measured is
  faster. In a round each contender runs once, in shuffled order, so what slows the machine down slows all of them.
- **quartiles**: half of the rounds' ratios lie between these two.
- **target**: what the ratio should be at most; **met** compares the median, in hundredths, with it.
- **here**: the medians in absolute terms, measured : against. They hold for this machine and moment only."""

UNITS = (('s', 1), ('ms', 1e-3), ('us', 1e-6))


@dataclass
class Row:
    """measured, against, here: text. ratio: a measure.Ratio or None. target: the highest ratio hoped for, or None."""

    measured: str
    against: str = ''
    ratio: Ratio | None = None
    target: float | None = None
    here: str = ''

    def cells(self):
        ratio, quartiles, target, met = '', '', '', ''
        if self.ratio:
            ratio, quartiles = figure(self.ratio.median), f'{figure(self.ratio.low)} to {figure(self.ratio.high)}'
        if self.target:
            target, met = f'{self.target:.2f}', 'yes' if round(self.ratio.median, 2) <= self.target else 'no'
        return self.measured, self.against, ratio, quartiles, target, met, self.here


def comparisons(measured, times, targets=()):
    """A Row for each of the times but the first, which is the measured one's. targets: {against: target}."""
    (_, ours), *others = times.items()
    return [
        Row(measured, against, ratio(ours, theirs), dict(targets).get(against), seconds(*map(median, (ours, theirs))))
        for against, theirs in others
    ]


def figure(number):
    return f'{number:.2f}' if number < 10 else f'{number:.1f}'


def seconds(*times):
    """Times as text in a unit that suits the first: seconds(0.00002, 0.00005) is '20 : 50 us'."""
    unit, size = next((unit, size) for unit, size in UNITS if times[0] >= size or unit == 'us')
    return ' : '.join(f'{time / size:.3g}' for time in times) + f' {unit}'


def report(rows, notes):
    """The whole of RESULTS.md: when and where, the table, what its columns are, and the sections' notes."""
    parts = ['# Benchmark', circumstances(), markdown(rows), LEGEND, *(note.strip() for note in notes)]
    return '\n\n'.join(parts) + '\n'


def circumstances():
    packages = ', '.join(f'{name} {version(name)}' for name in ('waitress', 'WebOb', 'Routes', 'Flask', 'Falcon'))
    return (
        f'{datetime.date.today()}, {platform.python_implementation()} {platform.python_version()}, '
        f'{os.cpu_count()} CPUs, {packages}. Command: `python -m bench`'
    )


def markdown(rows):
    grid = [COLUMNS, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*grid)]
    lines = ['| ' + ' | '.join(cell.ljust(width) for cell, width in zip(cells, widths)) + ' |' for cells in grid]
    return '\n'.join([lines[0], '|' + '|'.join('-' * (width + 2) for width in widths) + '|', *lines[1:]])

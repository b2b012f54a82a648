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
  faster. Where **here** counts requests a second, it is those that are divided, and above 1 the measured is faster. In
  a round each contender runs once, in shuffled order, so what slows the machine down slows all of them.
- **quartiles**: half of the rounds' ratios lie between these two.
- **target**: what the ratio should be; **met** compares the median, in hundredths, with it. Behind it stands "not
  sure" where the target lies between the quartiles: this machine, at that moment, cannot show it.
- **here**: the medians in absolute terms, measured : against. They hold for this machine and moment only."""

PLOT = '![What an answer costs, by the number of instances](size.svg)'
PACKAGES = ('waitress', 'WebOb', 'Routes', 'Flask', 'Falcon', 'moto')
UNITS = (('s', 1), ('ms', 1e-3), ('us', 1e-6))


@dataclass
class Row:
    """measured, against, here: text. ratio: a measure.Ratio. at_most, at_least: the ratio hoped for."""

    measured: str
    against: str = ''
    ratio: Ratio | None = None
    at_most: float | None = None
    at_least: float | None = None
    here: str = ''

    def cells(self):
        ratio, quartiles = '', ''
        if self.ratio:
            ratio, quartiles = figure(self.ratio.median), f'{figure(self.ratio.low)} to {figure(self.ratio.high)}'
        return self.measured, self.against, ratio, quartiles, self.target(), self.met(), self.here

    def target(self):
        if self.at_most:
            return f'at most {self.at_most:.2f}'
        return f'at least {self.at_least:.2f}' if self.at_least else ''

    def met(self):
        if not self.ratio or not self.target():
            return ''
        aim, middle = self.at_most or self.at_least, round(self.ratio.median, 2)
        word = 'yes' if middle == aim or (middle < aim) == bool(self.at_most) else 'no'
        return f'{word}, not sure' if self.ratio.low < aim < self.ratio.high else word


def comparisons(measured, times, targets=()):
    """A Row for each of the times but the first, which is the measured one's. targets: {against: at most}."""
    (_, ours), *others = times.items()
    return [
        Row(
            measured, against, ratio(ours, theirs), dict(targets).get(against),
            here=seconds(*map(median, (ours, theirs))),
        )
        for against, theirs in others
    ]  # fmt: skip


def rates(measured, against, ours, theirs, at_least=None):
    """The Row of two lists of requests a second."""
    here = f'{median(ours):,.0f} : {median(theirs):,.0f} a second'
    return Row(measured, against, ratio(ours, theirs), at_least=at_least, here=here)


def figure(number):
    return f'{number:.2f}' if number < 10 else f'{number:.1f}'


def seconds(*times):
    """Times as text in a unit that suits the first: seconds(0.00002, 0.00005) is '20 : 50 us'."""
    unit, size = next((unit, size) for unit, size in UNITS if times[0] >= size or unit == 'us')
    return ' : '.join(f'{time / size:.3g}' for time in times) + f' {unit}'


def report(rows, notes):
    """RESULTS.md: when and where, what has a target, what its columns are, all rows, and the sections' notes."""
    aims = [row for row in rows if row.target()]
    tables = ['## Targets', markdown(aims), LEGEND, PLOT, '## All that was measured', markdown(rows)]
    parts = ['# Benchmark', circumstances(), *tables, *(note.strip() for note in notes)]
    return '\n\n'.join(parts) + '\n'


def circumstances():
    packages = ', '.join(f'{name} {version(name)}' for name in PACKAGES)
    return (
        f'{datetime.date.today()}, {platform.python_implementation()} {platform.python_version()}, '
        f'{os.cpu_count()} CPUs, {packages}. Command: `python -m bench`'
    )


def markdown(rows):
    grid = [COLUMNS, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*grid)]
    lines = ['| ' + ' | '.join(cell.ljust(width) for cell, width in zip(cells, widths)) + ' |' for cells in grid]
    return '\n'.join([lines[0], '|' + '|'.join('-' * (width + 2) for width in widths) + '|', *lines[1:]])

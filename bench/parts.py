"""Parts of the benchmark: each is measured by itself, and what it finds is kept in a file until it is measured again.

Use: save('ground floor, memory', measure(part)); rows = load('ground floor, memory')
"""

import dataclasses
import datetime
import json
import re
import time
from pathlib import Path

from bench.measure import Ratio
from bench.table import Row

FOLDER = Path(__file__).with_name('parts')  # not in git: RESULTS.md is what a run leaves


def measure(name, part, log):
    """The part's rows; if it fails, one that says so, and the rest of the benchmark goes on."""
    log(f'{name} ...')
    start = time.monotonic()
    try:
        found = part()
    except Exception as error:  # whatever a part does: hours of other parts must not be lost to it
        found = [Row(name, here=f'failed: {type(error).__name__}: {" ".join(str(error).split())[:200]}')]
        log(f'{name} {found[0].here}')
    log(f'{name}: {time.monotonic() - start:.0f} s')
    return found


def save(name, rows):
    FOLDER.mkdir(exist_ok=True)
    kept = {'date': datetime.date.today().isoformat(), 'rows': [dataclasses.asdict(row) for row in rows]}
    path_of(name).write_text(json.dumps(kept, indent=1))


def load(name):
    """The rows of the part when it was last measured; if it never was, one that says so."""
    try:
        kept = json.loads(path_of(name).read_text())
    except FileNotFoundError:
        return [Row(name, here='not measured')]
    return [Row(**{**row, 'ratio': row['ratio'] and Ratio(**row['ratio'])}) for row in kept['rows']]


def path_of(name):
    return FOLDER / (re.sub('[^a-z0-9]+', '-', name) + '.json')

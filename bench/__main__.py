"""Run every section, print one table, and write it to RESULTS.md beside this file."""

import sys
from pathlib import Path

from bench import ground_floor, table
from bench.answers import WrongAnswer

SECTIONS = (ground_floor,)
RESULTS = Path(__file__).with_name('RESULTS.md')


def main():
    rows = []
    try:
        for section in SECTIONS:
            rows += section.rows(log)
    except WrongAnswer as wrong:
        sys.exit(f'bench: {wrong}')
    report = table.report(rows, [section.__doc__ for section in SECTIONS])
    RESULTS.write_text(report)
    print(report)


def log(what):
    print(f'bench: {what} ...', file=sys.stderr, flush=True)


if __name__ == '__main__':
    main()

"""Run every section, print one table, and write it to RESULTS.md beside this file.

python -m bench image_service    runs only that section, and only prints
"""

import sys
from pathlib import Path

from bench import ground_floor, image_service, nova, table
from bench.answers import WrongAnswer

SECTIONS = {'ground_floor': ground_floor, 'image_service': image_service, 'nova': nova}
RESULTS = Path(__file__).with_name('RESULTS.md')


def main(*names):
    if unknown := set(names) - set(SECTIONS):
        sys.exit(f'bench: {", ".join(unknown)}: there is no such section, only {", ".join(SECTIONS)}')
    sections = [SECTIONS[name] for name in names or SECTIONS]
    rows = []
    try:
        for section in sections:
            rows += section.rows(log)
    except WrongAnswer as wrong:
        sys.exit(f'bench: {wrong}')
    report = table.report(rows, [section.__doc__ for section in sections])
    if not names:
        RESULTS.write_text(report)
    print(report)


def log(what):
    print(f'bench: {what} ...', file=sys.stderr, flush=True)


if __name__ == '__main__':
    main(*sys.argv[1:])

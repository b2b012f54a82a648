"""Measure every part, print one table, and write it to RESULTS.md beside this file.

python -m bench nova               measures that section alone; the table keeps what is known of the others
python -m bench "nova, lists"      measures that part alone, likewise
QUICK=1 python -m bench            takes two minutes, and only prints
"""

import sys
from pathlib import Path

from bench import ground_floor, image_service, images_over_http, nova, nova_way, parts, table, xray, xray_page
from bench.effort import QUICK

RESULTS = Path(__file__).with_name('RESULTS.md')
SECTIONS = (
    ground_floor,
    image_service,
    images_over_http,
    nova,
    nova_way,
    xray,
    xray_page,
)  # each: its notes as docstring, and PARTS: {name: function -> rows}
PARTS = {name: part for section in SECTIONS for name, part in section.PARTS.items()}


def main(*wanted):
    chosen = [name for name in PARTS if not wanted or name.startswith(wanted)]
    if not chosen:
        sys.exit(f'bench: {", ".join(wanted)}: there is no such part, only {"; ".join(PARTS)}')
    found = {}
    for name in chosen:
        if QUICK and name in (slow for section in SECTIONS for slow in section.SLOW):
            continue
        found[name] = parts.measure(name, PARTS[name], log)
        if not QUICK:  # at once: a run that is broken off has lost nothing of it
            parts.save(name, found[name])
            RESULTS.write_text(report())
    print(table.markdown([row for rows in found.values() for row in rows]))


def report():
    rows = [row for name in PARTS for row in parts.load(name)]
    return table.report(rows, [section.__doc__ for section in SECTIONS])


def log(what):
    print(f'bench: {what}', file=sys.stderr, flush=True)


if __name__ == '__main__':
    main(*sys.argv[1:])

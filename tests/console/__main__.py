"""`python -m tests.console [DOCUMENT ...]`: put what the commands print into these documents, or into all.

A document is named from the repository's root: README.md, workshop/walkthrough/07-the-onion.md.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.console.document import documents, write
from tests.servers import ROOT

AT_A_TIME = 2


def main(names):
    """Write the documents; exit with 1 if one of them could not be run."""
    paths = [Path(name) for name in names] or [path.relative_to(ROOT) for path in documents()]
    pool, failed = ThreadPoolExecutor(AT_A_TIME), False
    try:
        for path, writing in [(path, pool.submit(write, ROOT / path)) for path in paths]:
            try:
                say(path, writing.result())
            except (AssertionError, OSError) as error:
                failed = True
                print(f'{path}: not written: {error}', file=sys.stderr, flush=True)
    finally:
        pool.shutdown(cancel_futures=True)  # after a Ctrl-C, no further document is begun
    sys.exit(failed)


def say(name, written):
    lines = ', '.join(map(str, written.changed))
    print(f'{name}: {"new lines: " + lines if lines else "as it is"}', flush=True)
    for number in written.dotted:
        print(f'{name}:{number}: look whether the dots still leave out what they should', flush=True)


if __name__ == '__main__':
    main(sys.argv[1:])

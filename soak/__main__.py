"""The command: python -m soak [--seconds N] [--seed N]. It ends with 0 if nothing was found, else with 1."""

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from soak import comparison
from soak.client import Client
from soak.killer import Killer
from soak.ledger import Ledger
from soak.report import Report
from soak.services import ROOT, Services
from soak.source import Source
from soak.traffic import MODULES, Worker, World

PATIENCE = 180  # seconds for a thread's last request


def main(argv=None):
    args = parse(argv)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what was started is ended
    folder = Path(tempfile.mkdtemp(prefix='soak-'))
    report = Report()
    print(f'soak: seed {args.seed}, {args.seconds} seconds, {args.threads} threads, data in {folder}', flush=True)
    try:
        run(args, folder, report)
    except KeyboardInterrupt:
        shutil.rmtree(folder)
        return 130
    report.print()
    if not report.findings:
        shutil.rmtree(folder)
        return 0
    print(f'soak: the data and the logs are kept in {folder}; the seed was {args.seed}')
    return 1


def parse(argv):
    parser = argparse.ArgumentParser(prog='python -m soak', description=__doc__)
    parser.add_argument('--seconds', type=float, default=60, help='how long there is traffic (%(default)s)')
    parser.add_argument('--seed', type=int, default=1, help='what all choices follow from (%(default)s)')
    parser.add_argument('--threads', type=int, default=24, help='how many clients call at once (%(default)s)')
    parser.add_argument(
        '--only', nargs='+', choices=MODULES, default=tuple(MODULES), help='what to do, for a small reproduction'
    )
    parser.add_argument('--no-kills', action='store_true', help='leave the services alive: nothing but traffic')
    return parser.parse_args(argv)


def run(args, folder, report):
    with Services(folder, report) as services, Source() as source:
        if not services.start():
            return
        world = World(Client(services, report), Ledger(), report, source.url, args.only)
        shake(args, services, world)
        services.stop()
        if services.start():  # and with it, they clear up what the killed ones have left
            comparison.compare(world)
        services.stop()
        comparison.compare_disks(world, folder / 'instances')
        audit(services, report)
        report.tracebacks(folder)


def shake(args, services, world):
    """The traffic, and the kills, for as long as was asked."""
    stop = threading.Event()
    threads = [Worker(world, stop, args.seed, number) for number in range(args.threads)]
    if not args.no_kills:
        threads.append(Killer(services, world, stop, args.seed))
    for thread in threads:
        thread.start()
    try:
        stop.wait(args.seconds)
    finally:
        stop.set()
    for thread in threads:
        thread.join(PATIENCE)
        if thread.is_alive():
            world.report.found('waits for ever', f'the thread {thread.name} has not ended for {PATIENCE} seconds')


def audit(services, report):
    command = [sys.executable, '-m', 'cloud.audit', *map(str, services.inis())]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    lines = ended.stdout.splitlines()
    for line in lines if ended.returncode else ():
        report.found('audit', line)
    if ended.returncode not in (0, 1):
        report.found('audit', f'it ended with {ended.returncode}: {ended.stderr}')
    report.say(f'audit: {len(lines)} findings' if ended.returncode else f'audit: {lines[-1]}')


if __name__ == '__main__':
    sys.exit(main())

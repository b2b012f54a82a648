"""The command: python -m cloud.audit [--quick] [--json] [INI ...]

It prints a line for each thing that is wrong and ends with 1, or says that nothing is and ends with 0; with 2, and one
line, if an ini or a database cannot be read.
Real: none
"""

import argparse
import json
import os
import sys

from cloud.audit.finding import Finding
from cloud.audit.images import Images
from cloud.audit.instances import Instances
from cloud.audit.services import GLANCE, NOVA, REGISTRY, SHIPPED, read_ini

AUDITS = {GLANCE: Images, NOVA: Instances}


def main(argv=None):
    args = parse(argv)
    report = JSONReport() if args.json else Report()
    try:
        for ini, audit in audits_of(args.inis or SHIPPED, args.quick):
            for finding in audit.findings():
                report.add(ini, finding)
            report.seen(audit.kind, audit.count)
    except ValueError as error:
        print(f'audit: {error}', file=sys.stderr)
        return 2
    report.end()
    return 1 if report.findings else 0


def parse(argv):
    parser = argparse.ArgumentParser(
        prog='python -m cloud.audit', description='Check that what the services keep is whole; change nothing.'
    )
    parser.add_argument('inis', nargs='*', metavar='INI', help="the services' inis (the ones in cloud/)")
    parser.add_argument('--quick', action='store_true', help='compare sizes alone, and no checksums')
    parser.add_argument('--json', action='store_true', help='one JSON document, for programs')
    return parser.parse_args(argv)


def audits_of(inis, quick):
    """(ini, audit) for each ini whose service keeps things; of several inis for the same things, the first."""
    read = [(ini, *read_ini(ini)) for ini in inis]
    found = {}
    for ini, kind, options in read:
        if kind in AUDITS:
            audit = AUDITS[kind](options, quick)
            found.setdefault((kind, *audit.key), (ini, audit))
    databases = {audit.database.name for _ini, audit in found.values() if audit.kind == Images.kind}
    registries = [(ini, Registry(options, databases)) for ini, kind, options in read if kind == REGISTRY]
    return [*found.values(), *registries]


class Registry:
    """The registry keeps nothing of its own: its one fault is to have another database than glance-api."""

    kind, count = Images.kind, 0

    def __init__(self, options, databases):
        self.database, self.databases = Images(options).database, databases

    def findings(self):
        if self.databases and self.database.name not in self.databases:
            what = f'the registry reads {self.database.name}, and glance-api {", ".join(self.databases)}'
            yield Finding('two databases', self.database.name, what, 'name one sql_connection in both inis')


class Report:
    """Says what is found as soon as it is. findings: how many."""

    def __init__(self):
        self.findings, self.counts = 0, {'images': 0, 'instances': 0}

    def add(self, ini, finding):
        self.findings += 1
        self.tell(os.path.basename(ini), finding)

    def seen(self, kind, count):
        self.counts[kind] += count

    def tell(self, service, finding):
        print(f'{service}: {finding}')

    def end(self):
        if not self.findings:
            print('nothing found ({images} images, {instances} instances)'.format(**self.counts))


class JSONReport(Report):
    """{"images": 2, "instances": 1, "findings": [{"service", "kind", "id", "what", "hint"}]}"""

    def __init__(self):
        super().__init__()
        self.told = []

    def tell(self, service, finding):
        self.told.append({'service': service, **finding._asdict()})

    def end(self):
        print(json.dumps({**self.counts, 'findings': self.told}, indent=1))


if __name__ == '__main__':
    sys.exit(main())

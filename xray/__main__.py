"""The X-ray in a terminal.

    python -m xray last [N]          the last request, or the last N in a line each
    python -m xray show ID           the walk of one, through all services (--all: every call; --alone: one service)
    python -m xray tail              each request as it comes, until Ctrl-C
    python -m xray diff ID ID        two walks side by side, and the first step that differs
    python -m xray explain ID        why it was refused, in plain words
    python -m xray browse [ID]       full screen: arrow keys scroll, left and right go to earlier and later ones
    python -m xray export FILE [ID...]     python -m xray import FILE
    python -m xray serve [INI] [--port N]  server.py's pipeline `xray` of an ini, with the page's address
    python -m xray watch MODULE ...        a command that serves messages, such as cloud.nova.cmd.compute
An id may be shortened, and `last` is the last one's. --store FOLDER: another folder than data/xray.
Real: none; osprofiler's command is `osprofiler trace show ID`
"""

import argparse
import json
import os
import sys
import time

from xray import differ, share, story, terminal
from xray import explain as explaining
from xray.landmarks import ROOT
from xray.store import Store


def main(arguments):
    if arguments[:1] == ['serve']:
        from xray.serve import serve

        return serve(arguments[1:])
    if arguments[:1] == ['watch']:
        from xray.watch import watch

        store = os.path.join(ROOT, 'data', 'xray')
        if arguments[1:2] == ['--store']:
            store, arguments = arguments[2], ['watch', *arguments[3:]]
        return watch(store, arguments[1], arguments[2:])
    asked = parse(arguments)
    store = Store(asked.store)
    try:
        return globals()[f'do_{asked.command}'](store, asked)
    except BrokenPipeError:  # head has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except KeyboardInterrupt:
        return None


def parse(arguments):
    parser = argparse.ArgumentParser(prog='python -m xray', description='See every step a request takes.')
    parser.add_argument('--store', default=os.path.join(ROOT, 'data', 'xray'), help='the folder of the recordings')
    commands = parser.add_subparsers(dest='command', required=True)
    for name, what, words in COMMANDS:
        command = commands.add_parser(name, help=what)
        command.add_argument('--all', action='store_true', help='every call, not only the landmarks')
        command.add_argument('--alone', action='store_true', help='without what other services did')
        for word, how in words:
            command.add_argument(word, **how)
    return parser.parse_args(arguments)


COMMANDS = (
    ('last', 'the last request, or the last N in a line each', [('count', {'nargs': '?', 'type': int})]),
    ('show', 'the walk of one', [('id', {})]),
    ('tail', 'each request as it comes', []),
    ('diff', 'two walks side by side', [('left', {}), ('right', {})]),
    ('explain', 'why it was refused', [('id', {})]),
    ('browse', 'full screen', [('id', {'nargs': '?', 'default': 'last'})]),
    ('export', 'write a file for others', [('file', {}), ('ids', {'nargs': '*'})]),
    ('import', 'take in such a file', [('file', {})]),
    ('serve', "server.py's pipeline `xray` of an ini", []),
)


def is_colourful():
    return sys.stdout.isatty() and 'NO_COLOR' not in os.environ


def find(store, text, alone=False):
    """The document of the request whose id begins like this; SystemExit in a line if there is none, or several."""
    ids = [summary['id'] for summary in store.summaries()]
    found = ids[:1] if text == 'last' else [each for each in ids if each.startswith((text, f'req-{text}'))]
    if text in found:
        found = [text]
    if len(found) != 1:
        sys.exit(f'xray: {len(found) or "no"} requests begin with {text}: python -m xray last 20 lists them')
    return store.get(found[0]) if alone else story.tell(store, found[0])


def do_last(store, asked):
    if asked.count is None:
        asked.id = 'last'
        return do_show(store, asked)
    for summary in store.summaries()[: max(0, asked.count)]:
        print(terminal.summary_line(summary, is_colourful()))
    return None


def do_show(store, asked):
    for line in terminal.walk(find(store, asked.id, asked.alone), asked.all, is_colourful()):
        print(line)


def do_tail(store, asked):
    seen = {summary['id'] for summary in store.summaries()}
    while True:
        for summary in reversed(store.summaries()):
            if summary['id'] not in seen:
                seen.add(summary['id'])
                print(terminal.summary_line(summary, is_colourful()), flush=True)
        time.sleep(0.3)


def do_diff(store, asked):
    left, right = find(store, asked.left), find(store, asked.right)
    found = differ.compare(left, right)
    print(f'{terminal.summary_line(left)}\n{terminal.summary_line(right)}')
    for line in terminal.difference(left, right, found['pairs'], found['first_difference'], is_colourful()):
        print(line)
    if found['first_difference'] is None:
        print('No step differs: the two took the same way.')


def do_explain(store, asked):
    document = find(store, asked.id, alone=True)
    houses = explaining.house_with_others(store.houses(), document['service'])
    print('\n'.join(explaining.explain(document, houses, store.get)['words']))


def do_browse(store, asked):
    from xray.browse import browse

    browse(store, find(store, asked.id)['id'])


def do_export(store, asked):
    documents = [find(store, each, alone=True) for each in asked.ids] or [
        store.get(summary['id']) for summary in store.summaries()
    ]
    try:
        with open(asked.file, 'w', encoding='utf-8') as file:
            json.dump(share.export([each for each in documents if each]), file)
    except OSError as error:
        sys.exit(f'xray: {asked.file}: {error.strerror}')
    print(f'{asked.file} has {len(documents)} requests.')


def do_import(store, asked):
    try:
        with open(asked.file, encoding='utf-8') as file:
            documents = share.read(json.load(file))
    except OSError as error:
        sys.exit(f'xray: {asked.file}: {error.strerror}')
    except (ValueError, AttributeError, RecursionError) as error:
        sys.exit(f'xray: {asked.file}: {error}')
    for document in reversed(documents):
        store.take_in(document)
    print(f'{len(documents)} requests are taken in: python -m xray last {len(documents)}')


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

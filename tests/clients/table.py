"""Which client drives which action of the image service: runs them all, and writes a table of it.

Use: python -m tests.clients.table [FILE.md]        (without a file: to the screen)
"""

import contextlib
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.clients import glance_command, openstack_image, sdk
from tests.clients.world import DATA, World
from tests.cloud.glance.api.conftest import write_ini
from tests.servers import WarmServer

LISTS = (openstack_image.ACTIONS, glance_command.ACTIONS, sdk.ACTIONS)


class Elsewhere(BaseHTTPRequestHandler):
    """Another web server, with the bytes of an image."""

    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Length', str(len(DATA)))
        self.end_headers()
        self.wfile.write(DATA)

    do_HEAD = do_GET

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def running_world(folder):
    """A World in the folder, whose service is being served; no request may end in a 500."""
    service = WarmServer([str(write_ini(folder, show_multiple_locations='True'))], folder / 'log')
    world = World(service.url, folder)
    with ThreadingHTTPServer(('127.0.0.1', 0), Elsewhere) as web:
        thread = threading.Thread(target=web.serve_forever)
        thread.start()
        world.elsewhere = f'http://127.0.0.1:{web.server_port}/disk.img'
        try:
            yield world
        finally:
            world.close()
            web.shutdown()
            thread.join(60)
            service.end()
    assert 'Traceback' not in service.log()
    assert '" 500 ' not in service.log()


def try_all(world):
    """(the list, {action: None, or why it is not done}) for each of LISTS."""
    return [(actions, {name: trouble(do, world) for name, do in actions}) for actions in LISTS]


def trouble(do, world):
    try:
        do(world)
    except Exception as error:  # whatever a client makes of an answer
        return ' '.join(str(error).split())[:200] or type(error).__name__
    return None


def write(tried, versions):
    """The table as Markdown."""
    lines = ['| client | version | actions that it drives |', '|---|---|---|']
    for actions, found in tried:
        done = list(found.values()).count(None)
        lines.append(f'| {actions.title} | {actions.client} {versions[actions.client]} | {done} of {len(found)} |')
    for actions, found in tried:
        lines += ['', f'{actions.title}:', '']
        lines += [f'- [{" " if why else "x"}] `{name}`{f": {why}" if why else ""}' for name, why in found.items()]
    return '\n'.join(lines) + '\n'


def main(arguments):
    with tempfile.TemporaryDirectory() as folder, running_world(Path(folder)) as world:
        text = write(try_all(world), world.versions)
    if arguments:
        Path(arguments[0]).write_text(text)
    else:
        print(text, end='')


if __name__ == '__main__':
    main(sys.argv[1:])

"""The three services, each a process of its own: copies of the shipped inis, with ports and places of their own."""

import configparser
import contextlib
import http.client
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
INIS = {
    'registry': ROOT / 'cloud/glance/glance-registry.ini',
    'glance': ROOT / 'cloud/glance/glance-api.ini',
    'nova': ROOT / 'cloud/nova/nova-api.ini',
}
PATIENCE = 90  # seconds for a start or an end


class Services:
    """All of them; use it in a with statement, which leaves none behind. by_name: {'glance': Service, ...}.

    ours: options of a service beside those that all have, by its name.
    """

    def __init__(self, folder, report, **ours):
        self.closed, self.lock = False, threading.Lock()
        ports = free_ports(len(INIS))
        shipped = options(folder, dict(zip(INIS, ports)))
        ours = {name: {**shipped[name], **ours.get(name, {})} for name in INIS}
        self.by_name = {
            name: Service(name, write_ini(INIS[name], folder, port, ours[name]), port, folder, report)
            for name, port in zip(INIS, ports)
        }

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        with self.lock:
            self.closed = True
            for service in self.by_name.values():
                service.kill()

    def __getitem__(self, name):
        return self.by_name[name]

    def start_one(self, name):
        """Start it, unless all is over: then nothing may be left behind."""
        with self.lock:
            if not self.closed:
                self.by_name[name].start()

    def inis(self):
        return [service.ini for service in self.by_name.values()]

    def start(self):
        """Start all, and wait for them. Whether they serve."""
        for name in self.by_name:
            self.start_one(name)
        return all(service.serves() for service in self.by_name.values())

    def stop(self):
        """Kindly: each may finish what it is at."""
        for service in reversed(self.by_name.values()):
            service.stop()


class Service:
    """One of them. url: where it listens; its log, of all its lives, is NAME.log in the folder."""

    def __init__(self, name, ini, port, folder, report):
        self.name, self.ini, self.port, self.report = name, ini, port, report
        self.url = f'http://127.0.0.1:{port}'
        self.log = folder / f'{name}.log'
        self.process = None

    def start(self):
        command = [sys.executable, str(ROOT / 'server.py'), str(self.ini)]
        with self.log.open('a') as log:
            # A session of its own: Ctrl-C is for us, and we end it.
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)

    def serves(self):
        """Wait until it answers, whatever it says; whether it does."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up and self.process.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                self.knock()
                return True
            time.sleep(0.05)
        self.report.found('does not start', f'{self.name}: {self.last_words()}')
        return False

    def knock(self):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request('GET', '/')
            connection.getresponse().read()

    def has_ended_by_itself(self):
        ended = self.process.poll() is not None
        if ended:
            text = f'{self.name} ended with {self.process.returncode}: {self.last_words()}'
            self.report.found('ended by itself', text)
        return ended

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            status = f'not at all within {PATIENCE} seconds'
        if status != 0:
            self.report.found('does not stop', f'{self.name} ended, told to, with {status}: {self.last_words()}')

    def last_words(self):
        return ' | '.join(self.log.read_text(errors='replace').splitlines()[-3:])


def options(folder, ports):
    """What the services' [DEFAULT] have in place of the shipped values, by service."""
    policy = str(INIS['glance'].parent / 'policy.json')
    glance = {'sql_connection': f'sqlite:///{folder}/glance.sqlite', 'policy_file': policy}
    return {
        'registry': glance,
        'glance': {
            **glance,
            'filesystem_store_datadir': f'{folder}/images',
            'registry_port': str(ports['registry']),
        },
        'nova': {
            'sql_connection': f'sqlite:///{folder}/nova.sqlite',
            'instances_path': f'{folder}/instances',
            'image_file_folders': f'{folder}/images',
            'glance_api_servers': f'127.0.0.1:{ports["glance"]}',
            'neutron_url': '',
            **dict.fromkeys(('quota_instances', 'quota_cores', 'quota_ram'), '-1'),
        },
    }


def write_ini(shipped, folder, port, ours):
    ini = configparser.ConfigParser(interpolation=None, delimiters='=')
    ini.optionxform = str
    ini.read(shipped)
    ini['DEFAULT'].update(ours)
    ini['filter:authtoken']['token_file'] = str(ROOT / 'cloud/tokens.ini')
    ini['server:main']['port'] = str(port)
    path = folder / shipped.name
    with path.open('w') as file:
        ini.write(file)
    return path


def free_ports(number):
    """Ports that are free, and stay so: not among those that the system gives to connections on their way out."""
    found = []
    for port in random.SystemRandom().sample(range(15000, 30000), 1000):
        with contextlib.suppress(OSError), socket.create_server(('127.0.0.1', port)):
            found.append(port)
        if len(found) == number:
            return found
    raise OSError('there are no free ports from 15000 to 29999')

"""A RabbitMQ of one's own: a broker on ports of its own, with its data in a folder of its own, ended with its user.

Use: with running_broker() as broker: broker.url; broker.stop(); broker.start()
As root it runs as the user rabbitmq, as Debian's package has it; else as whoever starts it.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

MISSING = 'rabbitmq-server is not installed: on Debian and Ubuntu, sudo apt install rabbitmq-server'
START = 120  # seconds for a start on a busy machine


class Broker:
    def __init__(self, folder):
        places = f'{os.environ.get("PATH", "")}:/usr/sbin:/usr/local/sbin'
        self.server = shutil.which('rabbitmq-server', path=places)
        assert self.server, MISSING
        self.folder = folder
        self.port, self.distribution = free_port(), free_port()
        self.url = f'rabbit://guest:guest@127.0.0.1:{self.port}/'
        self.user = pwd.getpwnam('rabbitmq') if os.geteuid() == 0 else None
        if self.user:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        self.process = None

    def environment(self):
        settings = {
            'RABBITMQ_NODENAME': f'toycloud{self.port}@localhost',
            'RABBITMQ_NODE_IP_ADDRESS': '127.0.0.1',
            'RABBITMQ_NODE_PORT': str(self.port),
            'RABBITMQ_DIST_PORT': str(self.distribution),
            'RABBITMQ_MNESIA_BASE': f'{self.folder}/data',
            'RABBITMQ_LOG_BASE': f'{self.folder}/log',
            'RABBITMQ_PID_FILE': f'{self.folder}/pid',
            'RABBITMQ_ENABLED_PLUGINS_FILE': f'{self.folder}/plugins',
            'RABBITMQ_CONF_ENV_FILE': f'{self.folder}/none',
            'RABBITMQ_CONFIG_FILE': f'{self.folder}/rabbitmq',
            'RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS': '-start_epmd false -erl_epmd_port '
            f'{self.distribution} +S 1:1 -setcookie toycloud',
            'HOME': self.folder,
            'LC_ALL': 'C.UTF-8',
            'PATH': os.environ['PATH'] + ':/usr/sbin:/sbin',
        }
        return settings

    def start(self):
        """Start it, again if need be, and wait until it takes connections."""
        with open(os.path.join(self.folder, 'output'), 'ab') as output:
            identity = {'user': self.user.pw_uid, 'group': self.user.pw_gid, 'extra_groups': []} if self.user else {}
            self.process = subprocess.Popen(
                [self.erlang_launcher()], env=self.environment(), cwd=self.folder, stdout=output, stderr=output,
                stdin=subprocess.DEVNULL, start_new_session=True, **identity,
            )  # fmt: skip
        give_up = time.monotonic() + START
        while not self.answers():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < give_up, self.said()
            time.sleep(0.1)

    def erlang_launcher(self):
        # Debian's rabbitmq-server is a wrapper that insists on being root or rabbitmq; the script behind it does not.
        behind = '/usr/lib/rabbitmq/bin/rabbitmq-server'
        return behind if os.path.exists(behind) else self.server

    def answers(self):
        """Whether it speaks AMQP: the port is open before it does."""
        with contextlib.suppress(OSError), socket.create_connection(('127.0.0.1', self.port), 1) as there:
            there.settimeout(2)
            there.sendall(b'AMQP\x00\x00\x09\x01')
            return bool(there.recv(1))
        return False

    def said(self):
        with open(os.path.join(self.folder, 'output'), errors='replace') as output:
            return output.read()[-2000:]

    def stop(self):
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)
            self.process = None


@contextlib.contextmanager
def running_broker():
    folder = tempfile.mkdtemp(prefix='toycloud-rabbit-')
    os.chmod(folder, 0o755)
    broker = Broker(folder)
    try:
        broker.start()
        yield broker
    finally:
        broker.stop()
        shutil.rmtree(folder, ignore_errors=True)


def free_port():
    with socket.create_server(('127.0.0.1', 0)) as taken:
        return taken.getsockname()[1]

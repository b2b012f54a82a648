"""The ground floor, the image service and its registry with the X-ray in front, and what was asked of them.

Use: with running(folder) as services: services.url, services.ids['refused']
"""

import configparser
import contextlib
import json
import urllib.error
import urllib.request

from tests.cloud.glance.service import copy_ini
from tests.servers import ROOT, TOKEN, WarmServer
from tests.waiting import wait_until

JSON = {'Content-Type': 'application/json'}
BYTES = {'Content-Type': 'application/octet-stream'}
IMAGE = json.dumps({'name': 'cirros', 'disk_format': 'raw', 'container_format': 'bare'}).encode()
OLD_IMAGE = {'X-Image-Meta-Name': 'old', 'X-Image-Meta-Disk-Format': 'raw', 'X-Image-Meta-Container-Format': 'bare'}


class Services:
    """url: of the ground floor; ids: the recorded requests, by what they are good for."""

    def __init__(self, folder, start):
        self.folder, self.ids = folder, {}
        self.ground = start(self.ground_ini())
        self.url = self.ground.url
        registry = start(self.glance_ini('glance-registry.ini'))
        self.glance = start(self.glance_ini('glance-api.ini', registry_port=str(registry.port)))

    def ground_ini(self):
        path = self.folder / 'configure.ini'
        path.write_text((ROOT / 'configure.ini').read_text().replace('%(here)s/data/xray', f'{self.folder}/xray'))
        return path

    def glance_ini(self, name, **options):
        path = copy_ini(name, self.folder, filesystem_store_datadir=f'{self.folder}/images', **options)
        parser = configparser.RawConfigParser(delimiters='=')
        parser.optionxform = str
        parser.read(path)
        parser['filter:xray']['xray_store'] = f'{self.folder}/xray'
        with path.open('w') as file:
            parser.write(file)
        return path

    def ask(self, name, url, method='GET', data=None, **headers):
        """Ask, and keep the request's id under that name; the answer's body."""
        asked = urllib.request.Request(url, data, headers, method=method)
        try:
            answer = urllib.request.urlopen(asked, timeout=60)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            self.ids[name] = answer.headers['X-Openstack-Request-Id']
            return answer.read()

    def ask_all(self):
        instances, images = f'{self.url}/instances', f'{self.glance.url}/v2/images'
        listed = json.loads(self.ask('list', instances, **TOKEN))['instances']
        self.ask('show', f'{instances}/{listed[0]["id"]}', **TOKEN)
        image = json.loads(self.ask('create', images, 'POST', IMAGE, **TOKEN, **JSON))
        self.ask('upload', f'{images}/{image["id"]}/file', 'PUT', b'bytes', **TOKEN, **BYTES)
        self.ask('older', f'{self.glance.url}/v1/images', 'POST', b'bytes', **TOKEN, **BYTES, **OLD_IMAGE)
        self.ask('refused', instances)
        assert wait_until(lambda: all(self.is_kept(each) for each in self.ids.values()))

    def is_kept(self, request_id):
        with urllib.request.urlopen(f'{self.url}/xray/requests', timeout=60) as answer:
            listed = {each['id']: each['status'] for each in json.load(answer)['requests']}
        return listed.get(request_id) is not None


@contextlib.contextmanager
def running(folder):
    with contextlib.ExitStack() as stack:

        def start(ini):
            server = WarmServer([str(ini), 'xray'], folder / f'{ini.stem}.log')
            stack.callback(server.end)
            return server

        services = Services(folder, start)
        services.ask_all()
        yield services

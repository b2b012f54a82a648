"""The ground floor beside the cloud, all with the X-ray in front, and what was asked of them.

Use: services = Services(url, cloud); services.ask_all(); services.ids['refused']
"""

import json
import urllib.error
import urllib.request

from tests.servers import TOKEN
from tests.waiting import wait_until

JSON = {'Content-Type': 'application/json'}
BYTES = {'Content-Type': 'application/octet-stream'}
IMAGE = json.dumps({'name': 'cirros', 'disk_format': 'raw', 'container_format': 'bare'}).encode()
OLD_IMAGE = {'X-Image-Meta-Name': 'old', 'X-Image-Meta-Disk-Format': 'raw', 'X-Image-Meta-Container-Format': 'bare'}


class Services:
    """url: of the ground floor; cloud: the servers by name; ids: the recorded requests, by what they are good for."""

    def __init__(self, url, cloud):
        self.url, self.ids = url, {}
        self.glance, self.nova = cloud['glance-api'].url, cloud['nova-api'].url

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
        instances, images = f'{self.url}/instances', f'{self.glance}/v2/images'
        image = json.loads(self.ask('create', images, 'POST', IMAGE, **TOKEN, **JSON))
        self.ask('upload', f'{images}/{image["id"]}/file', 'PUT', b'bytes', **TOKEN, **BYTES)
        order = json.dumps({'name': 'vm', 'image': image['id']}).encode()
        self.ask('boot', f'{self.nova}/instances', 'POST', order, **TOKEN, **JSON)
        listed = json.loads(self.ask('list', instances, **TOKEN))['instances']
        self.ask('show', f'{instances}/{listed[0]["id"]}', **TOKEN)
        self.ask('older', f'{self.glance}/v1/images', 'POST', b'bytes', **TOKEN, **BYTES, **OLD_IMAGE)
        self.ask('refused', instances)
        assert wait_until(lambda: all(self.is_kept(each) for each in self.ids.values()))

    def is_kept(self, request_id):
        listed = {each['id']: each['status'] for each in self.recorded('requests')['requests']}
        return listed.get(request_id) is not None

    def recorded(self, path):
        with urllib.request.urlopen(f'{self.url}/xray/{path}', timeout=60) as answer:
            return json.load(answer)

    def steps_of(self, name):
        """The labels of the steps in that story."""
        return [step['label'] for step in self.recorded(f'requests/{self.ids[name]}?story=1')['steps']]

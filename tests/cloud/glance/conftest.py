"""The onion on a real database and the in-memory store, for tests of its layers."""

import io
import json

import pytest

from cloud.glance import store
from cloud.glance.api.policy import Enforcer
from cloud.glance.common import config
from cloud.glance.common.property_utils import PropertyRules
from cloud.glance.context import RequestContext
from cloud.glance.db.sqlalchemy.api import Database
from cloud.glance.gateway import Gateway
from cloud.glance.notifier import Notifier

ALICE = RequestContext(user='alice', tenant='alpha', roles=['Member '])
BOB = RequestContext(user='bob', tenant='beta', roles=['member'])
ADMIN = RequestContext(user='root', tenant='admin', roles=['admin'], is_admin=True)


class Onion:
    """A Gateway with all that it needs. policy, protections: the content of the two files; options: as in the ini."""

    def __init__(self, folder, policy=None, protections=None, **options):
        path = folder / 'policy.json'
        path.write_text(json.dumps({'default': '', **(policy or {})}))
        self.policy = Enforcer(str(path))
        settings = {'known_stores': 'cloud.glance.store.memory.Store', 'default_store': 'memory', **options}
        self.options = config.parse({name: str(value) for name, value in settings.items()})
        self.db_api = Database(f'sqlite:///{folder}/glance.sqlite')
        self.store_api = store.create_stores(self.options)
        self.store = self.store_api.registered_stores['memory']
        self.store.for_clients = True  # so that tests can set locations without a web server
        self.notifier = Notifier()
        rules = None
        if protections:
            (folder / 'protections.conf').write_text(protections)
            rules = PropertyRules(str(folder / 'protections.conf'), 'roles', self.policy)
        self.gateway = Gateway(self.db_api, self.store_api, self.notifier, self.policy, self.options, rules)

    def repo(self, context=ALICE):
        return self.gateway.get_repo(context)

    def get(self, image_id, context=ALICE):
        return self.repo(context).get(image_id)

    def create(self, context=ALICE, **fields):
        fields = {'disk_format': 'raw', 'container_format': 'bare', **fields}
        image = self.gateway.get_image_factory(context).new_image(**fields)
        self.repo(context).add(image)
        return image

    def start_upload(self, image_id, context=ALICE):
        """The first half of an upload: the image, saving."""
        repo = self.repo(context)
        image = repo.get(image_id)
        image.status = 'saving'
        repo.save(image)
        return repo, image

    def upload(self, image_id, data=b'bytes', context=ALICE, size=None):
        repo, image = self.start_upload(image_id, context)
        image.set_data(io.BytesIO(data), size)
        repo.save(image)
        return image

    def share(self, image_id, tenant='beta', context=ALICE):
        image = self.get(image_id, context)
        member = self.gateway.get_image_member_factory(context).new_image_member(image, tenant)
        image.get_member_repo().add(member)
        return member

    @property
    def events(self):
        return [event['event_type'] for event in self.notifier.sent]


@pytest.fixture
def make_onion(tmp_path):
    """Onion(tmp_path, ...), closed after the test."""
    made = []

    def make(**kwargs):
        made.append(Onion(tmp_path, **kwargs))
        return made[-1]

    yield make
    for onion in made:
        onion.db_api.close()


@pytest.fixture
def onion(make_onion):
    return make_onion()

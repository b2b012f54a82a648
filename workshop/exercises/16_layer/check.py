"""A layer is a skin in both chains, and its place says who refuses first.

Real: glance 2014.2 glance/gateway.py Gateway, glance/domain/proxy.py. That there is no data without a name is a rule of
    this exercise alone.
"""

import contextlib
import io
import json
import tempfile
from pathlib import Path

from workshop.student import NotYet

CHAPTER = 7
SERVICES = {}
PUT_IN = 'put ImageFactoryProxy into get_image_factory, and ImageRepoProxy into get_repo'


def check(student):
    layer = student.load('layer')
    with tempfile.TemporaryDirectory() as folder, parts_of_a_service(Path(folder)) as parts:
        onion = Onion(layer.Gateway(*parts), *parts)
        check_chains(layer, onion)
        check_rule(onion)
        check_place(onion)


@contextlib.contextmanager
def parts_of_a_service(folder):
    """What a Gateway takes: a database, a store in memory, a notifier, a policy and options."""
    # Not at the top: a student's layer.py may have an error, and this takes its time.
    from cloud.glance import notifier, store
    from cloud.glance.api import policy
    from cloud.glance.common import config
    from cloud.glance.db.sqlalchemy.api import Database

    (folder / 'policy.json').write_text(json.dumps({'default': '', 'upload_image': 'role:member'}))
    stores = {'known_stores': 'cloud.glance.store.memory.Store', 'default_store': 'memory'}
    options = config.parse({**stores, 'user_storage_quota': '100'})
    db_api = Database(f'sqlite:///{folder}/glance.sqlite')
    with contextlib.closing(db_api):
        yield (
            db_api,
            store.create_stores(options),
            notifier.Notifier(),
            policy.Enforcer(str(folder / 'policy.json')),
            options,
        )


class Onion:
    """The student's gateway, and the usual one on the same database, for a member and for a guest of one tenant."""

    def __init__(self, gateway, *parts):
        from cloud.glance.context import RequestContext
        from cloud.glance.gateway import Gateway

        self.gateway, self.usual = gateway, Gateway(*parts)
        self.member = RequestContext(user='alice', tenant='demo', roles=['member'])
        self.guest = RequestContext(user='dave', tenant='demo', roles=['guest'])

    def create(self, name):
        """The id of a new image, made with the usual gateway."""
        formats = {'disk_format': 'raw', 'container_format': 'bare'}
        image = self.usual.get_image_factory(self.member).new_image(name=name, **formats)
        self.usual.get_repo(self.member).add(image)
        return image.image_id

    def upload(self, name, data, context):
        """What set_data raises, as the name of its class; None if the data was taken."""
        from cloud.glance.common.exception import GlanceException

        image = self.gateway.get_repo(context).get(self.create(name))
        try:
            image.set_data(io.BytesIO(data), len(data))
        except GlanceException as error:
            return type(error).__name__
        return None


def check_chains(layer, onion):
    found = skins(onion.gateway.get_repo(onion.member).get(onion.create(None)))
    made = skins(onion.gateway.get_image_factory(onion.member).new_image())
    own = layer.ImageProxy
    if own not in found and own not in made:
        raise NotYet(f'No image wears the skin of your layer yet: {PUT_IN}.')
    if own not in found:
        raise NotYet(
            'Images that are made wear your skin, and images that are found do not: put it into get_repo, too.'
        )
    if own not in made:
        raise NotYet(
            'Images that are found wear your skin, and images that are made do not: put it into get_image_factory, too.'
        )
    if found.index(own) != made.index(own):
        raise NotYet(
            'Your layer is in both chains, but not at the same place: let it stand between the same two layers.'
        )


def skins(image):
    """The classes of an image's skins, from the outside in."""
    found = []
    while hasattr(image, 'base'):
        found.append(type(image))
        image = image.base
    return found


def check_rule(onion):
    refusal = onion.upload(None, b'bytes', onion.member)
    if refusal is None:
        raise NotYet('Your layer is in both chains, but an image without a name still gets data: refuse in set_data.')
    if refusal != 'Invalid':
        raise NotYet(f'The data of an image without a name is refused with {refusal}: call refuse(), for a 400.')
    image_id = onion.create('toy')
    repo = onion.gateway.get_repo(onion.member)
    image = repo.get(image_id)
    image.set_data(io.BytesIO(b'bytes'), 5)
    repo.save(image)
    if image.status != 'active' or b''.join(repo.get(image_id).get_data()) != b'bytes':
        raise NotYet('Now an image with a name gets no data either: pass it on with super().set_data(data, size).')


def check_place(onion):
    if onion.upload(None, bytes(1000), onion.member) != 'Invalid':
        raise NotYet(
            'The quota was asked about an upload that your layer refuses: let it stand further out than the quota, so '
            'one line further down.'
        )
    if onion.upload(None, b'bytes', onion.guest) != 'Forbidden':
        raise NotYet(
            'Somebody who may not upload at all was told to name the image first: let your layer stand further in than '
            'the policy, so one line further up.'
        )

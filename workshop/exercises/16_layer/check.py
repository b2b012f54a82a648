"""A layer is a skin in both chains, and its place says who refuses first.

Real: glance 2014.2 glance/gateway.py Gateway, glance/domain/proxy.py. That there is no data without a name is a rule of
    this exercise alone.
"""

import contextlib
import io
import json
import tempfile
from pathlib import Path

from workshop.cloud import ROOT
from workshop.explain import explain, is_students
from workshop.strict import kind
from workshop.student import NotYet

CHAPTER = 7
SERVICES = {'glance': 'my-glance.ini'}
PUT_IN = 'put ImageFactoryProxy into get_image_factory, and ImageRepoProxy into get_repo'


def check(student):
    layer = student.load('layer')
    check_classes(layer)
    with tempfile.TemporaryDirectory() as folder, parts_of_a_service(Path(folder)) as parts, fitting(student):
        onion = Onion(layer.Gateway(*parts), *parts)
        check_chains(layer, onion)
        check_rule(onion)
        check_place(onion)


@contextlib.contextmanager
def fitting(student):
    """What the other layers cannot work with is the student's, even where no line of theirs is in the traceback."""
    try:
        yield
    except NotYet:
        raise
    except Exception as error:
        if is_students(error, student.folder):
            raise
        raise NotYet(
            f'Your layer does not fit between the others: {explain(error, ROOT)} Hand the layer further in on to each '
            'proxy, and return what the others return.'
        ) from None


def check_classes(layer):
    for name in ('ImageProxy', 'ImageFactoryProxy', 'ImageRepoProxy', 'Gateway'):
        if not isinstance(getattr(layer, name, None), type):
            raise NotYet(f'layer.py has no class {name} any more: give it its name back.')


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

    def get_repo(self, context):
        repo = self.gateway.get_repo(context)
        return having('get_repo', repo, 'get', 'add', 'save')

    def get(self, image_id, context):
        image = self.get_repo(context).get(image_id)
        return having('get, of what get_repo returns,', image, 'set_data', 'get_data', 'status')

    def get_image_factory(self, context):
        factory = self.gateway.get_image_factory(context)
        return having('get_image_factory', factory, 'new_image')

    def create(self, name):
        """The id of a new image, made with the usual gateway."""
        formats = {'disk_format': 'raw', 'container_format': 'bare'}
        image = self.usual.get_image_factory(self.member).new_image(name=name, **formats)
        self.usual.get_repo(self.member).add(image)
        return image.image_id

    def upload(self, name, data, context):
        """What set_data raises, as the name of its class, None if the data was taken; and whether it was read."""
        from cloud.glance.common.exception import GlanceException

        image, file = self.get(self.create(name), context), io.BytesIO(data)
        try:
            image.set_data(file, len(data))
        except GlanceException as error:
            return type(error).__name__, file.tell() > 0
        return None, file.tell() > 0


def having(method, found, *names):
    """What a method of the student's has returned, if it has these; NotYet if not."""
    if missing := [name for name in names if not hasattr(found, name)]:
        raise NotYet(
            f'{method} returns {kind(found)}, which has no {missing[0]}: return the outermost layer, which wraps the '
            'others.'
        )
    return found


def check_chains(layer, onion):
    found = skins(onion.get(onion.create(None), onion.member))
    made = skins(onion.get_image_factory(onion.member).new_image())
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
    refusal, passed_on = onion.upload(None, b'bytes', onion.member)
    if refusal is None:
        raise NotYet('Your layer is in both chains, but an image without a name still gets data: refuse in set_data.')
    if refusal != 'Invalid':
        raise NotYet(f'The data of an image without a name is refused with {refusal}: call refuse(), for a 400.')
    if passed_on:
        raise NotYet(
            'Your layer refuses the data of an image without a name when it has already passed them on: refuse first, '
            'and call super().set_data after that.'
        )
    image_id = onion.create('toy')
    image = onion.get(image_id, onion.member)
    image.set_data(io.BytesIO(b'bytes'), 5)
    onion.get_repo(onion.member).save(image)
    if image.status != 'active' or data_of(onion.get(image_id, onion.member)) != b'bytes':
        raise NotYet('Now an image with a name gets no data either: pass it on with super().set_data(data, size).')


def data_of(image):
    """The image's bytes; None if what it gives are none."""
    try:
        return b''.join(image.get_data())
    except TypeError:
        return None


def check_place(onion):
    if onion.upload(None, bytes(1000), onion.member)[0] != 'Invalid':
        raise NotYet(
            'The quota was asked about an upload that your layer refuses: let it stand further out than the quota, so '
            'one line further down.'
        )
    if onion.upload(None, b'bytes', onion.guest)[0] != 'Forbidden':
        raise NotYet(
            'Somebody who may not upload at all was told to name the image first: let your layer stand further in than '
            'the policy, so one line further up.'
        )

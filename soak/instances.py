"""What a client of nova does."""

from soak.images_v2 import ALICE, BOB
from soak.ledger import Image, Instance

STATUSES = ('BUILD', 'ACTIVE', 'ERROR')


def path_of(instance):
    return f'/instances/{instance.id}'


def boot(client):
    """From an image with bytes: it must be taken, unless somebody asked to delete that image."""
    image = client.pick(Image, lambda image: image.digest)
    if not image:
        return None
    answer = create(client, 'nova boot', image.token, image)
    if answer.is_denied and not image.may_be_gone():
        text = f'image {image.id} is active, and to boot from it is {answer.status} {answer.body[:200]}'
        client.found('no boot', text)
    return answer


def create_empty(client):
    return create(client, 'nova create', client.rng.choice([ALICE, BOB]))


def create(client, operation, token, image=None):
    name = client.word()
    document = {'name': name, 'image': image.id} if image else {'name': name}
    answer = client.ask(operation, 'nova', 'POST', '/instances', token, document)
    if answer.is_done:
        instance = Instance(answer.json()['instance']['id'], token, name, image)
        instance.is_created = True
        client.ledger.add(instance)
    return answer


def show(client):
    instance = client.pick(Instance)
    if not instance:
        return None
    answer = client.look(instance, 'nova show', 'nova', 'GET', path_of(instance), instance.token)
    if answer.is_done and answer.json()['instance']['status'] not in STATUSES:
        client.found('strange status', f'{answer.body}')
    return answer


def index(client):
    query = client.rng.choice(['', '?limit=5'])
    return client.ask('nova list', 'nova', 'GET', f'/instances{query}', client.rng.choice([ALICE, BOB]))


def rename(client):
    instance = client.pick(Instance)
    if not instance:
        return None
    name = client.word()
    request = 'nova rename', 'nova', 'PUT', path_of(instance), instance.token, {'name': name}
    return client.set(instance, 'name', name, *request)


def delete(client):
    instance = client.pick(Instance)
    if not instance:
        return None
    return client.delete(instance, 'nova delete', 'nova', 'DELETE', path_of(instance), instance.token)


OPERATIONS = (
    (8, boot),
    (2, create_empty),
    (4, show),
    (2, index),
    (2, rename),
    (5, delete),
)

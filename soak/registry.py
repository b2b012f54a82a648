"""What is asked of the registry directly: records, by their owners; new ones, without bytes, by an admin."""

from soak.images_v2 import ALICE, BOB, FORMATS
from soak.ledger import Image

ADMIN = 'open-sesame'
TENANTS = {ALICE: 'demo', BOB: 'other'}


def create(client):
    image = client.ledger.add(Image(client.new_id(), client.rng.choice([ALICE, BOB]), client.word()))
    record = {'id': image.id, 'name': image.facts['name'].acknowledged, 'status': 'queued', **FORMATS}
    record['owner'] = TENANTS[image.token]
    answer = client.ask('registry create', 'registry', 'POST', '/images', ADMIN, {'image': record})
    image.is_created = answer.is_done
    return answer


def show(client):
    image = client.pick(Image)
    if not image:
        return None
    return client.look(image, 'registry show', 'registry', 'GET', f'/images/{image.id}', image.token)


def index(client):
    path = client.rng.choice(['/images', '/images/detail?limit=10', '/images/detail?sort_key=name&limit=50'])
    return client.ask('registry list', 'registry', 'GET', path, client.rng.choice([ALICE, BOB, ADMIN]))


def rename(client):
    image = client.pick(Image)
    if not image:
        return None
    name = client.word()
    request = 'registry change', 'registry', 'PUT', f'/images/{image.id}', image.token, {'image': {'name': name}}
    return client.set(image, 'name', name, *request)


def add_member(client):
    image = client.pick(Image)
    if not image:
        return None
    member = client.word()
    request = 'registry add member', 'registry', 'PUT', f'/images/{image.id}/members/{member}', image.token
    return client.set(image, f'member {member}', True, *request)


OPERATIONS = (
    (2, create),
    (3, show),
    (3, index),
    (2, rename),
    (2, add_member),
)

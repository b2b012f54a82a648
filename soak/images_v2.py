"""What a client of the image service's API v2 does."""

import hashlib

from soak.ledger import Image

ALICE, BOB = 'alice-token', 'bob-token'
BYTES = 'application/octet-stream'
PATCH = 'application/openstack-images-v2.1-json-patch'
FORMATS = {'disk_format': 'raw', 'container_format': 'bare'}
PROPERTIES = ('p1', 'p2', 'p3')


def path_of(image, rest=''):
    return f'/v2/images/{image.id}{rest}'


def create(client):
    image = client.ledger.add(Image(client.new_id(), client.rng.choice([ALICE, BOB]), client.word()))
    document = {'id': image.id, 'name': image.facts['name'].acknowledged, **FORMATS}
    answer = client.ask('v2 create', 'glance', 'POST', '/v2/images', image.token, document)
    image.is_created = answer.is_done
    return answer


def create_and_upload(client):
    answer = create(client)
    return upload(client) if answer.is_done else answer


def upload(client):
    image = client.pick(Image, lambda image: image.digest is None)
    if not image:
        return None
    data = client.data()
    digest = image.begin_upload(data)
    path = path_of(image, '/file')
    answer = client.ask('v2 upload', 'glance', 'PUT', path, image.token, data, Content_Type=BYTES)
    note_upload(client, image, digest, answer)
    return answer


def note_upload(client, image, digest, answer):
    wrong = image.end_upload(digest, answer)
    if wrong:
        client.found('two uploads', wrong)


def show(client):
    image = client.pick(Image)
    if not image:
        return None
    digest = image.digest
    answer = client.look(image, 'v2 show', 'glance', 'GET', path_of(image), image.token)
    if answer.is_done and digest:
        check_document(client, image, digest, answer.json())
    return answer


def check_document(client, image, digest, document):
    told = document['status'], document.get('checksum'), document.get('size')
    if told != ('active', digest, image.tried[digest]) and not image.may_be_gone():
        text = f'image {image.id}, acknowledged with {image.tried[digest]} bytes of {digest}, is {told}'
        client.found('not as acknowledged', text)


def download(client):
    image = client.pick(Image, lambda image: image.digest)
    if not image:
        return None
    answer = client.look(image, 'v2 download', 'glance', 'GET', path_of(image, '/file'), image.token)
    check_data(client, image, answer)
    return answer


def check_data(client, image, answer):
    found = hashlib.md5(answer.body, usedforsecurity=False).hexdigest()
    if answer.is_done and found != image.digest and (answer.body or not image.may_be_gone()):
        text = f'image {image.id} was acknowledged with {image.digest}; {len(answer.body)} bytes of {found} came'
        client.found('other bytes', text)


def index(client):
    query = client.rng.choice(['?limit=5', '?limit=20&status=active', '?limit=3&sort_key=name&sort_dir=asc', ''])
    return client.ask('v2 list', 'glance', 'GET', f'/v2/images{query}', client.rng.choice([ALICE, BOB]))


def rename(client):
    return patch(client, 'name', client.word(), 'replace')


def set_property(client):
    return patch(client, client.rng.choice(PROPERTIES), client.word(), 'add')


def patch(client, name, value, op):
    image = client.pick(Image)
    if not image:
        return None
    change = [{'op': op, 'path': f'/{name}', 'value': value}]
    request = 'v2 patch', 'glance', 'PATCH', path_of(image), image.token, change
    return client.set(image, name, value, *request, Content_Type=PATCH)


def protect(client):
    return patch(client, 'protected', True, 'replace')


def unprotect(client):
    image = client.pick(Image, lambda image: image.fact('protected').acknowledged)
    if not image:
        return None
    image.was_unprotected = True
    change = [{'op': 'replace', 'path': '/protected', 'value': False}]
    request = 'v2 patch', 'glance', 'PATCH', path_of(image), image.token, change
    return client.set(image, 'protected', False, *request, Content_Type=PATCH)


def tag(client):
    image = client.pick(Image)
    if not image:
        return None
    word, is_there = client.rng.choice('abc'), client.rng.random() < 0.6
    path, method = path_of(image, f'/tags/{word}'), 'PUT' if is_there else 'DELETE'
    return client.set(image, f'tag {word}', is_there, 'v2 tag', 'glance', method, path, image.token)


def add_member(client):
    image = client.pick(Image)
    if not image:
        return None
    member = client.word()
    request = 'v2 add member', 'glance', 'POST', path_of(image, '/members'), image.token, {'member': member}
    return client.set(image, f'member {member}', True, *request)


def remove_member(client):
    image, member = pick_member(client)
    if not member:
        return None
    request = 'v2 remove member', 'glance', 'DELETE', path_of(image, f'/members/{member}'), image.token
    return client.set(image, f'member {member}', False, *request)


def pick_member(client):
    """(an image, one of its members); None if there is none."""
    image = client.pick(Image)
    facts = list(image.facts.items()) if image else ()
    members = [name.partition(' ')[2] for name, fact in facts if name.startswith('member ') and fact.acknowledged]
    return image, client.rng.choice(members) if members else None


def delete(client):
    image = client.pick(Image)
    return client.delete(image, 'v2 delete', 'glance', 'DELETE', path_of(image), image.token) if image else None


OPERATIONS = (
    (4, create),
    (8, create_and_upload),
    (8, upload),
    (6, show),
    (6, download),
    (4, index),
    (3, rename),
    (4, set_property),
    (2, protect),
    (2, unprotect),
    (3, tag),
    (3, add_member),
    (2, remove_member),
    (7, delete),
)

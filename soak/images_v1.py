"""What a client of the image service's API v1 does."""

from soak.images_v2 import ALICE, BOB, BYTES, PROPERTIES, check_data, note_upload, pick_member
from soak.ledger import Image
from soak.source import data_of

FORMATS = {'x_image_meta_disk_format': 'raw', 'x_image_meta_container_format': 'bare'}


def path_of(image, rest=''):
    return f'/v1/images/{image.id}{rest}'


def new_image(client):
    """(an Image that is in the ledger, the headers that ask for it)"""
    image = client.ledger.add(Image(client.new_id(), client.rng.choice([ALICE, BOB]), client.word()))
    name = image.facts['name'].acknowledged
    return image, {'x_image_meta_id': image.id, 'x_image_meta_name': name, **FORMATS}


def create(client):
    """Image and bytes in one request."""
    image, headers = new_image(client)
    data = client.data() or b'x'
    digest = image.begin_upload(data)
    answer = client.ask('v1 create', 'glance', 'POST', '/v1/images', image.token, data, Content_Type=BYTES, **headers)
    image.is_created = answer.is_done
    note_upload(client, image, digest, answer)
    return answer


def copy(client):
    """The bytes are copied in the background: nobody hears whether they came."""
    image, headers = new_image(client)
    seed, size = client.rng.getrandbits(32), client.rng.randint(1, 500_000)
    image.begin_upload(data_of(seed, size))
    headers['x_glance_api_copy_from'] = f'{client.source}/{seed}/{size}'
    answer = client.ask('v1 copy', 'glance', 'POST', '/v1/images', image.token, **headers)
    image.is_created = answer.is_done
    return answer


def reserve(client):
    image, headers = new_image(client)
    answer = client.ask('v1 reserve', 'glance', 'POST', '/v1/images', image.token, **headers)
    image.is_created = answer.is_done
    return answer


def upload(client):
    image = client.pick(Image, lambda image: image.digest is None)
    if not image:
        return None
    data = client.data() or b'x'
    digest = image.begin_upload(data)
    answer = client.ask('v1 upload', 'glance', 'PUT', path_of(image), image.token, data, Content_Type=BYTES)
    note_upload(client, image, digest, answer)
    return answer


def announce_wrongly(client):
    """A size and a checksum that may not become those of an image with other bytes."""
    image = client.pick(Image)
    if not image:
        return None
    headers = {'x_image_meta_checksum': 'f' * 32, 'x_glance_registry_purge_props': 'false'}
    return client.ask('v1 forge', 'glance', 'PUT', path_of(image), image.token, **headers)


def head(client):
    image = client.pick(Image)
    if not image:
        return None
    digest = image.digest
    answer = client.look(image, 'v1 head', 'glance', 'HEAD', path_of(image), image.token)
    if answer.is_done and digest and not image.may_be_gone():
        told = answer.headers.get('x-image-meta-status'), answer.headers.get('x-image-meta-checksum')
        if told != ('active', digest):
            client.found('not as acknowledged', f'image {image.id}, acknowledged with {digest}, is {told} in v1')
    return answer


def download(client):
    image = client.pick(Image, lambda image: image.digest)
    if not image:
        return None
    answer = client.look(image, 'v1 download', 'glance', 'GET', path_of(image), image.token)
    check_data(client, image, answer)
    return answer


def index(client):
    path = client.rng.choice(['/v1/images', '/v1/images/detail?limit=10', '/v1/images/detail?status=active'])
    return client.ask('v1 list', 'glance', 'GET', path, client.rng.choice([ALICE, BOB]))


def rename(client):
    return change(client, 'name', 'x_image_meta_name')


def set_property(client):
    name = client.rng.choice(PROPERTIES)
    return change(client, name, f'x_image_meta_property_{name}')


def change(client, name, header):
    image = client.pick(Image)
    if not image:
        return None
    value = client.word()
    headers = {header: value, 'x_glance_registry_purge_props': 'false'}
    return client.set(image, name, value, 'v1 change', 'glance', 'PUT', path_of(image), image.token, **headers)


def add_member(client):
    image = client.pick(Image)
    if not image:
        return None
    member = client.word()
    request = 'v1 add member', 'glance', 'PUT', path_of(image, f'/members/{member}'), image.token
    return client.set(image, f'member {member}', True, *request)


def remove_member(client):
    image, member = pick_member(client)
    if not member:
        return None
    request = 'v1 remove member', 'glance', 'DELETE', path_of(image, f'/members/{member}'), image.token
    return client.set(image, f'member {member}', False, *request)


def delete(client):
    image = client.pick(Image)
    return client.delete(image, 'v1 delete', 'glance', 'DELETE', path_of(image), image.token) if image else None


OPERATIONS = (
    (10, create),
    (3, copy),
    (3, reserve),
    (6, upload),
    (2, announce_wrongly),
    (5, head),
    (5, download),
    (3, index),
    (3, rename),
    (3, set_property),
    (2, add_member),
    (1, remove_member),
    (7, delete),
)

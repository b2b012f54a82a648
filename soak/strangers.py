"""What one tenant tries with what is another's: nothing of it may be done."""

from soak.images_v2 import ALICE, BOB
from soak.ledger import Image, Instance

OTHER = {ALICE: BOB, BOB: ALICE}


def image(client):
    """(Nobody is a member of an image who has a token.)"""
    image = client.pick(Image)
    return image and attempt(client, image, *client.rng.choice([
        ('glance', 'GET', f'/v2/images/{image.id}'),
        ('glance', 'GET', f'/v2/images/{image.id}/file'),
        ('glance', 'DELETE', f'/v2/images/{image.id}'),
        ('glance', 'HEAD', f'/v1/images/{image.id}'),
        ('glance', 'DELETE', f'/v1/images/{image.id}'),
        ('registry', 'GET', f'/images/{image.id}'),
        ('registry', 'DELETE', f'/images/{image.id}'),
    ]))  # fmt: skip


def instance(client):
    instance, method = client.pick(Instance), client.rng.choice(['GET', 'DELETE'])
    return instance and attempt(client, instance, 'nova', method, f'/instances/{instance.id}')


def attempt(client, thing, service, method, path):
    if method == 'DELETE':
        thing.begin_delete()
    answer = client.ask(f'{service} stranger', service, method, path, OTHER[thing.token])
    if method == 'DELETE':
        thing.end_delete(answer)
    if answer.is_done:
        text = f'{method} {service} {path} of {thing.token} by {OTHER[thing.token]}: {answer.status}'
        client.found('a stranger', text)
    return answer


OPERATIONS = (
    (2, image),
    (1, instance),
)

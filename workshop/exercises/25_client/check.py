"""Who speaks the protocol is a cloud, to a client: here python-glanceclient, with nothing changed in it.

Real: python-glanceclient 4 glanceclient/v2/shell.py do_image_create, glanceclient/common/http.py HTTPClient
"""

from workshop.exercises.seen import of, refusal
from workshop.student import NotYet

CHAPTER = 12
SERVICES = {'glance': 'glance-api.ini'}
LISTED = ('GET', '/v2/images', 200)
CLIENTS = ('python-glanceclient', 'openstacksdk')  # what the real ones call themselves, in the header User-Agent

NOTHING = 'd41d8cd98f00b204e9800998ecf8427e'  # the MD5 sum of no bytes


def check(student):
    requests = of(student, 'glance')
    if not requests:
        raise NotYet('No request has reached your cloud yet: let the command glance make an image there.')
    clients = [each for each in requests if each.headers.get('user-agent', '').startswith(CLIENTS)]
    if not clients:
        raise NotYet(f'{sender(requests[-1])} has sent that, and Glance took it. Now let the command glance do it.')
    last = clients[-1]
    if last.status == 401:
        raise NotYet(f'The client was turned away: {refusal(last)}. Give OS_AUTH_TOKEN a token that Glance knows.')
    image_ids = check_image(clients)
    lists = [each.json['images'] for each in clients if (each.method, each.path, each.status) == LISTED]
    if not any(image['id'] in image_ids for images in lists for image in images):
        raise NotYet('The image is there, with its bytes. Now list the images: glance image-list.')


def check_image(clients):
    """The ids of the images that are as they should be."""
    made = [each for each in clients if (each.method, each.path, each.status) == ('POST', '/v2/images', 201)]
    created = {each.json['id']: each.json for each in made}
    if not created:
        raise NotYet('The client reaches your cloud. Now let it make an image: glance help image-create.')
    named = [image_id for image_id, image in created.items() if image.get('name') == 'from-client']
    if not named:
        raise NotYet('The client has made an image, and its name is not from-client: make one with --name from-client.')
    uploads = [each.path for each in clients if each.status == 204 and each.body_md5 != NOTHING]
    whole = [image_id for image_id in named if f'/v2/images/{image_id}/file' in uploads]
    if not whole:
        raise NotYet('The image from-client has no bytes: make one with --file and the name of a file.')
    return whole


def sender(exchange):
    return exchange.headers.get('user-agent', 'Something without a name').partition('/')[0]

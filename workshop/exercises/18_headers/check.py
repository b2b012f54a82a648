"""In version 1 an image is a body with headers: what is said about it travels with its bytes.

Real: glance 2014.2 glance/common/utils.py get_image_meta_from_headers, glance/api/v1/images.py Controller.create
"""

from workshop.exercises.seen import DISK_MD5, fields, of, refusal
from workshop.student import NotYet

CHAPTER = 8
SERVICES = {'registry': 'glance-registry.ini', 'glance': 'glance-api.ini'}


def check(student):
    posts = of(student, 'glance', 'POST', '/v1/images')
    if not posts:
        raise NotYet(before_version_1(student))
    problems = [problem_of(each) for each in posts]
    if all(problems):
        raise NotYet(problems[-1])


def before_version_1(student):
    if of(student, 'glance', 'POST', '/v2/images'):
        return 'That was version 2, which takes JSON and then the bytes: send one POST to /v1/images, with headers.'
    return 'No image has been made with version 1 yet: POST headers and bytes to /v1/images, as Alice.'


def problem_of(post):
    """What is wrong with a POST to /v1/images, as a sentence; None if all is well."""
    image = fields(post.json, 'image')
    if post.status != 201:
        told = f'The image was not created. Glance answered {refusal(post)}'
        of_our_own = ' A property of your own travels in a header x-image-meta-property-NAME.'
        return told + (of_our_own if 'names no field' in told else '')
    if image['status'] == 'queued':
        return 'The image is queued: it has no bytes yet. Send them in the same request, with --data-binary @disk.img.'
    if image['name'] != 'in-one':
        return f'The image is active, and its name is {image["name"]}: send x-image-meta-name: in-one.'
    for name, wanted in ('disk_format', 'raw'), ('container_format', 'bare'):
        if image[name] != wanted:
            return f'The image is active, and its {name} is {image[name]}: send x-image-meta-{name}: {wanted}.'
    if image['properties'].get('os_distro') != 'toy':
        return 'The image is active, but its property os_distro is not toy: send x-image-meta-property-os_distro: toy.'
    if image['checksum'] != DISK_MD5:
        return (
            'All is well but the bytes: they are not those that seq 10000 prints. curl -d @disk.img leaves out the '
            'ends of lines, --data-binary @disk.img does not.'
        )
    return None

"""A boot is a promise first (202, BUILD), and then a disk that is the image, byte for byte.

Real: nova 2013-04 (c8067d1b70) nova/compute/manager.py ComputeManager._run_instance, nova/virt/images.py fetch. There
    the disk becomes a raw one on the way, and what the instance writes goes elsewhere.
"""

from workshop.exercises.seen import fields, of, refusal
from workshop.student import NotYet

CHAPTER = 10
SERVICES = {'registry': 'glance-registry.ini', 'glance': 'glance-api.ini', 'nova': 'nova-api.ini'}


def check(student):
    booted = check_boot(student)
    seen = [fields(each.json, 'instance') for each in of(student, 'nova', 'GET')]
    active = [each for each in seen if each.get('status') == 'ACTIVE' and each.get('id') in booted]
    if not active:
        raise NotYet(before_active([each for each in seen if each.get('id') in booted]))
    answer = (student.settings('answers.ini').get('disk_md5', '').split() or [''])[0].lower()
    if not answer:
        raise NotYet('The instance is ACTIVE. Now put the MD5 sum of its disk into answers.ini.')
    if answer not in uploads(student):
        raise NotYet(
            f'In answers.ini, disk_md5 is {answer}, and nothing that you have uploaded has that sum: is it that of the '
            "file called disk, in the folder of the instance's id?"
        )


def check_boot(student):
    """The ids of the instances that are being made of an image."""
    if not uploads(student):
        raise NotYet(before_upload(of(student, 'glance', 'POST', '/v1/images')))
    posts = of(student, 'nova', 'POST', '/instances')
    if not posts:
        raise NotYet('The image is there. Now boot: POST a name and the id of the image to /instances of Nova.')
    last = posts[-1]
    booted = [fields(each.json, 'instance')['id'] for each in posts if each.status == 202]
    if not booted and last.status == 201:
        raise NotYet('The answer was 201: an instance without an image, so without a disk. Send the field image, too.')
    if not booted:
        raise NotYet(f'Nova did not take the order. It answered {refusal(last)}')
    return booted


def before_upload(posts):
    if not posts:
        return 'No image has been uploaded yet: POST headers and bytes to /v1/images of Glance, as Alice.'
    if posts[-1].status != 201:
        return f'The image was not created. Glance answered {refusal(posts[-1])}'
    return 'The image is queued: it has no bytes yet. Upload them in the same request, with --data-binary @disk.img.'


def uploads(student):
    """The MD5 sums of the bytes that Glance has taken."""
    taken = [each for each in of(student, 'glance') if each.status in (200, 201, 204)]
    first = {fields(each.json, 'image').get('checksum') for each in taken if each.method in ('POST', 'PUT')}
    second = {each.body_md5 for each in taken if each.method == 'PUT' and each.path.endswith('/file')}
    return (first | second) - {None}


def before_active(seen):
    if not seen:
        return 'Nova has taken the order (202). Now GET /instances/ID, until the status is ACTIVE.'
    if seen[-1]['status'] == 'ERROR':
        return f'The instance is in ERROR: {fields(seen[-1], "fault").get("message")}'
    return 'When you looked, the instance was still being built: look again, until its status is ACTIVE.'

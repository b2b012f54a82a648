"""Bytes go in and come out the same; the checksum is made while they pass.

Real: glance 2014.1 glance/store/filesystem.py Store.add computes the MD5 as it writes. Since Rocky (2018) an image
    also has os_hash_algo and os_hash_value: MD5 finds accidents, and keeps out nobody with bad intentions.
"""

from workshop.exercises.seen import of, refusal
from workshop.student import NotYet

CHAPTER = 7
SERVICES = {'glance': 'glance-api.ini'}
MD5 = '72d4ff27a28afbc066d5804999d5a504'  # of what `seq 10000` prints


def check(student):
    created = of(student, 'glance', 'POST', '/v2/images')
    uploads = [each for each in of(student, 'glance', 'PUT') if each.path.endswith('/file')]
    if not uploads or all(each.status != 201 for each in created):
        raise NotYet(before_upload(created))
    last = uploads[-1]
    if last.status != 204:
        raise NotYet(f'Glance did not take the upload. It answered {refusal(last)}')
    if last.body_md5 != MD5:
        raise NotYet(
            'Other bytes than those of disk.img have arrived. curl -d @disk.img leaves out the ends of lines: make a '
            'new image, and upload with curl -T disk.img.'
        )
    path = last.path.removesuffix('/file')
    if not any(each.json and each.json.get('checksum') == MD5 for each in of(student, 'glance', 'GET', path)):
        raise NotYet('The bytes are there. Now show the image, GET /v2/images/ID: it has a checksum from now on.')
    if not any(each.answer_md5 == MD5 for each in of(student, 'glance', 'GET', last.path)):
        raise NotYet('You have seen the checksum. Now download the image, GET /v2/images/ID/file, and compare.')


def before_upload(created):
    if not created:
        return 'There is no image yet: POST its name and its two formats to /v2/images, as Alice.'
    if created[-1].status != 201:
        return f'The image was not created. Glance answered {refusal(created[-1])}'
    return 'The image is there, and queued: now PUT the bytes to /v2/images/ID/file.'

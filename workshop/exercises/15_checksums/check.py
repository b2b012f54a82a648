"""Bytes go in and come out the same; the checksum is made while they pass.

Real: glance 2014.1 glance/store/filesystem.py Store.add computes the MD5 as it writes. Since Rocky (2018) an image
    also has os_hash_algo and os_hash_value: MD5 finds accidents, and keeps out nobody with bad intentions.
"""

from workshop.exercises.seen import DISK_MD5, fields, of, refusal
from workshop.student import NotYet

CHAPTER = 7
SERVICES = {'glance': 'glance-api.ini'}


def check(student):
    created = of(student, 'glance', 'POST', '/v2/images')
    uploads = [each for each in of(student, 'glance', 'PUT') if each.path.endswith('/file')]
    if not uploads or all(each.status != 201 for each in created):
        raise NotYet(before_upload(created))
    files = [each.path for each in uploads if each.status == 204 and each.body_md5 == DISK_MD5]
    if not files:
        raise NotYet(not_uploaded(uploads[-1]))
    asked = of(student, 'glance', 'GET')
    shown = [each.path for each in asked if fields({'image': each.json}, 'image').get('checksum') == DISK_MD5]
    if not any(file.removesuffix('/file') in shown for file in files):
        raise NotYet('The bytes are there. Now show the image, GET /v2/images/ID: it has a checksum from now on.')
    if not any(each.path in files and each.answer_md5 == DISK_MD5 for each in asked):
        raise NotYet('You have seen the checksum. Now download the image, GET /v2/images/ID/file, and compare.')


def not_uploaded(last):
    if last.status != 204:
        return f'Glance did not take the upload. It answered {refusal(last)}'
    return (
        'Other bytes than those of disk.img have arrived. curl -d @disk.img leaves out the ends of lines: make a new '
        'image, and upload with curl -T disk.img.'
    )


def before_upload(created):
    if not created:
        return 'There is no image yet: POST its name and its two formats to /v2/images, as Alice.'
    if created[-1].status != 201:
        return f'The image was not created. Glance answered {refusal(created[-1])}'
    return 'The image is there, and queued: now PUT the bytes to /v2/images/ID/file.'

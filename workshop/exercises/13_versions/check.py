"""Which version is meant is settled first, before anybody asks who calls: who is new has to find the way.

Real: glance 2014.2 glance/api/middleware/version_negotiation.py VersionNegotiationFilter, glance/api/versions.py
    Controller. Today's clients still begin with this list.
"""

import re

from workshop.exercises.seen import of, refusal, token_of
from workshop.student import NotYet

CHAPTER = 6
SERVICES = {'glance': 'glance-api.ini'}
ACCEPT = 'application/vnd.openstack.images-'
NEWEST = 'v2.15'


def check(student):
    seen = of(student, 'glance', 'GET')
    roots = [each for each in seen if each.path in ('', '/', '/versions')]
    if not roots:
        raise NotYet('Nobody has asked for the versions yet: GET / of Glance.')
    if all(token_of(each) for each in roots):
        raise NotYet('You have seen the versions, but you sent a token: ask once more without one. It is not needed.')
    by_header = [each for each in seen if each.path == '/images']
    if not by_header:
        raise NotYet(no_request_by_header(seen[-1]))
    if not any(each.status == 200 and each.headers.get('accept') == ACCEPT + NEWEST for each in by_header):
        raise NotYet(advice(by_header[-1]))


def no_request_by_header(last):
    if re.match('/v[0-9]', last.path):
        return f'GET {last.path} names the version in the path: GET /images, and name it in the header Accept.'
    return 'You have seen the versions. Now GET /images, with the newest version in the header Accept.'


def advice(last):
    accept = last.headers.get('accept', '')
    if last.status == 300:
        return (
            f'GET /images was answered 300, the list of versions: in "Accept: {accept}" there is none that Glance '
            f'knows. Send Accept: {ACCEPT}VERSION, with a version of the list.'
        )
    if last.status == 401:
        return 'GET /images was answered 401: the versions are for everybody, the images need the token alice-token.'
    if accept != ACCEPT + NEWEST:
        return (
            f'You have asked for {accept.removeprefix(ACCEPT)}: now take the newest version, the first one of the list.'
        )
    return f'GET /images was answered {refusal(last)}'

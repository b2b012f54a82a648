"""Sharing takes two: the owner offers the image to a tenant, and the tenant accepts it into its list.

Real: glance 2014.2 glance/api/v2/image_members.py ImageMembersController; cloud/glance/api/authorization.py
    ImageMemberRepoProxy says who may do which half of it.
"""

import json

from workshop.exercises.seen import of, refusal, token_of
from workshop.student import NotYet

CHAPTER = 7
SERVICES = {'glance': 'glance-api.ini'}


def check(student):
    created = [each for each in of(student, 'glance', 'POST', '/v2/images') if token_of(each) == 'alice-token']
    if not created:
        raise NotYet('Alice has no image yet: with the token alice-token, POST {"name": "plans"} to /v2/images.')
    if all(each.status != 201 for each in created):
        raise NotYet(f'The image was not created. Glance answered {refusal(created[-1])}')
    ids = [each.json['id'] for each in created if each.status == 201]
    check_offer(of(student, 'glance', 'POST'))
    check_acceptance(student, ids)
    lists = [each for each in of(student, 'glance', 'GET', '/v2/images') if token_of(each) == 'bob-token']
    if not any(image['id'] in ids for each in lists if each.status == 200 for image in each.json['images']):
        raise NotYet("Bob has accepted. Now, with Bob's token, list his images: GET /v2/images.")


def check_offer(posts):
    offers = [each for each in posts if each.path.endswith('/members')]
    if not offers:
        raise NotYet('Alice has an image. Now add a member: POST {"member": "..."} to /v2/images/ID/members.')
    if any(each.status == 200 and each.json['member_id'] == 'other' for each in offers):
        return
    if offers[-1].status != 200:
        raise NotYet(f'The image has no new member. Glance answered {refusal(offers[-1])}')
    member = offers[-1].json['member_id']
    raise NotYet(
        f'Alice has offered the image to "{member}", and Bob is not in a tenant of that name. Glance does not know '
        'which tenants there are, so it does not complain: offer it to the tenant other.'
    )


def check_acceptance(student, ids):
    paths = [f'/v2/images/{image_id}/members/other' for image_id in ids]
    answers = [each for each in of(student, 'glance', 'PUT') if '/members/' in each.path]
    if any(each.status == 200 and each.path in paths and each.json['status'] == 'accepted' for each in answers):
        return
    if not answers:
        raise NotYet('The membership is pending: now Bob accepts, with a PUT to /v2/images/ID/members/other.')
    last = answers[-1]
    if token_of(last) == 'alice-token':
        raise NotYet("Alice cannot accept for Bob (403): send the PUT with Bob's token, bob-token.")
    if last.status == 200:
        raise NotYet(f'Bob has answered "{status_in(last.body)}": let him send the status "accepted".')
    raise NotYet(f"Bob's PUT did not accept anything. Glance answered {refusal(last)}")


def status_in(body):
    return json.loads(body).get('status')

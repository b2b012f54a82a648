"""A token stands for a user, a tenant and roles; what a caller sees hangs on the tenant.

Real: Keystone knows this in the real thing; keystoneclient 0.11 keystoneclient/middleware/auth_token.py AuthProtocol
    asks it. glance 2014.2 glance/context.py RequestContext.owner makes the tenant the owner.
"""

import json
import re

from workshop.exercises.seen import create
from workshop.student import ALICE, BOB, NotYet

CHAPTER = 6
SERVICES = {'glance': 'my-glance.ini'}
CAROL = {'X-Auth-Token': 'carol-token'}


def check(student):
    with student.cloud() as cloud:
        if cloud.request('glance', 'GET', '/v2/images', ALICE)[0] != 200:
            raise NotYet(
                'Now alice-token does not get in any more: leave the sections that were in tokens.ini as they were.'
            )
        alices, bobs = create(cloud, {'name': "Alice's"}), create(cloud, {'name': "Bob's"}, BOB)
        status, _, body = cloud.request('glance', 'GET', '/v2/images', CAROL)
        if status == 401:
            raise NotYet('Glance does not know carol-token (401): add a section [carol-token] to tokens.ini, and save.')
        user, tenant = whom(cloud.log('glance'))
        seen = [image['id'] for image in json.loads(body)['images']]
        if alices not in seen:
            raise NotYet(
                f"Glance knows Carol now, but she does not see Alice's image: it belongs to Alice's tenant, and "
                f"Carol's is {tenant}."
            )
        if bobs in seen:
            raise NotYet(
                "Carol sees Bob's images, too, and could delete them: give her the role member, as Alice has it."
            )
        if user != 'carol':
            raise NotYet(
                f'Glance takes whoever sends carol-token for {user}: in section [carol-token], name the user carol.'
            )


def whom(log):
    """(user, tenant) of the last caller, as the filter context logged them."""
    return re.findall('context: user (.*) of (.*), ', log)[-1]

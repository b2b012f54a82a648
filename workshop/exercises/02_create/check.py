"""A POST with a body creates: the answer is 201, and its Location is the address of what is new.

Real: nova 2014.2 nova/api/openstack/compute/servers.py Controller.create answers 202, since the machine is still
    to be built; so does cloud/nova.
"""

from workshop.exercises.seen import refusal
from workshop.student import NotYet

CHAPTER = 1
SERVICES = {'ground': 'configure.ini'}


def check(student):
    if not student.exchanges:
        raise NotYet('No request has reached your cloud yet: send a POST to /instances, with the token and a name.')
    created = [seen.json['instance']['name'] for seen in student.exchanges if seen.status == 201]
    if 'demo_one' not in created:
        raise NotYet(advice(student.exchanges[-1]))


def advice(last):
    request = f'Your last request, {last.method} {last.path},'
    if last.status == 403:
        return f'{request} was answered 403: send the header X-Auth-Token with the token open-sesame.'
    if last.status == 201:
        return f'You have created "{last.json["instance"]["name"]}": now create one with the name demo_one.'
    if last.method == 'GET':
        return f'{request} only looks: send a POST, with the name in its body (curl -d name=demo_one).'
    if last.status == 400:
        return f'{request} was answered {refusal(last)}'
    return f'{request} was answered {last.status}: send a POST to /instances.'

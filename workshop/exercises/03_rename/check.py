"""A PUT changes what is at an address, and the address has the id: names may be the same twice, ids never are.

Real: nova 2014.2 nova/api/openstack/compute/servers.py Controller.update
"""

from workshop.exercises.seen import refusal
from workshop.student import NotYet

CHAPTER = 1
SERVICES = {'ground': 'configure.ini'}


def check(student):
    if not student.exchanges:
        raise NotYet('No request has reached your cloud yet: list the instances first, to learn the id of inst-0.')
    first_names = {}
    for seen in student.exchanges:
        for instance in instances(seen):
            first_name = first_names.setdefault(instance['id'], instance['name'])
            if seen.method == 'PUT' and instance['name'] == 'web' and first_name in ('inst-0', 'web'):
                return
    raise NotYet(advice(student.exchanges[-1], first_names))


def instances(seen):
    """The instances that an answer shows: those of a list, or the one."""
    document = seen.json or {}
    return document.get('instances', [document['instance']] if 'instance' in document else [])


def advice(last, first_names):
    request = f'Your last request, {last.method} {last.path},'
    if last.status == 403:
        return f'{request} was answered 403: send the header X-Auth-Token with the token open-sesame.'
    if last.status == 404 and last.path.endswith('/'):
        return f'{request} was answered 404: leave out the / behind the id.'
    if last.status == 404:
        return f'{request} was answered 404: after /instances/ comes the id of inst-0, as the list shows it.'
    if last.path == '/instances' and last.method != 'GET':
        return f'{request} went to all instances: send the PUT to /instances/ID, with the id of inst-0.'
    if last.status == 405:
        return f'{request} was answered 405: to change what is there, send a PUT (curl -X PUT).'
    if last.status == 400:
        return f'{request} was answered {refusal(last)}'
    if last.method == 'PUT':
        instance = last.json['instance']
        was, now = first_names[instance['id']], instance['name']
        return f'You have given {was} the name "{now}": it is inst-0 that should get the name web.'
    return f'{request} only looks: now send a PUT with name=web to the address of inst-0.'

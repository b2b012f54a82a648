"""204: done, and there is nothing to show. 404: there is nothing (any more) at this address.

Real: nova 2014.2 nova/api/openstack/compute/servers.py Controller.delete, which answers 204 before the machine is gone
"""

from workshop.student import NotYet

CHAPTER = 1
SERVICES = {'ground': 'configure.ini'}


def check(student):
    if not student.exchanges:
        raise NotYet('No request has reached your cloud yet: send a DELETE to the address of an instance.')
    deleted = set()
    for seen in student.exchanges:
        if seen.method == 'DELETE' and seen.status == 404 and seen.path in deleted:
            return
        if seen.status == 204:
            deleted.add(seen.path)
    raise NotYet(advice(student.exchanges[-1], deleted))


def advice(last, deleted):
    request = f'Your last request, {last.method} {last.path},'
    if last.status == 403:
        return f'{request} was answered 403: send the header X-Auth-Token with the token open-sesame.'
    if last.status == 204:
        return f'{request} was answered 204, so the instance is gone: now send the same request once more.'
    if last.status == 404 and last.method == 'DELETE':
        go_on = (
            'send it to the address that you have deleted' if deleted else 'copy the id of an instance from the list'
        )
        return f'{request} was answered 404, but there was never an instance at this address: {go_on}.'
    if last.status == 405:
        return f'{request} was answered 405: send a DELETE to /instances/ID, with the id of one instance.'
    go_on = 'once more to the address that you have deleted' if deleted else 'to /instances/ID (curl -X DELETE)'
    return f'{request} deletes nothing: send a DELETE {go_on}.'

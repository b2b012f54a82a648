"""One address, many verbs: the body says which one. A refused request changes nothing.

Real: nova 2014.2 nova/api/openstack/wsgi.py Resource.get_method finds the action by the body's one key;
    nova/api/openstack/compute/contrib/server_start_stop.py ServerStartStopActionController has os-start and os-stop.
    There the status is the machine's, a second later, and to stop a stopped one is a 409.
"""

from workshop.strict import as_json
from workshop.student import TOKEN, NotYet, instance_in, instances_in

CHAPTER = 3
SERVICES = {'ground': 'configure.ini'}
HERE = '/instances/ID/action'


def check(student):
    app = student.app()
    ids = [instance['id'] for instance in instances_in(get(app, '/instances'))]
    if len(ids) < 2:
        raise NotYet('GET /instances shows fewer instances now: leave the three that are there from the start.')
    expect_status(app, ids[0], 'os-stop', 'SHUTOFF')
    expect_status(app, ids[0], 'os-start', 'ACTIVE')
    if status_of(app, ids[1]) is not None:
        raise NotYet(
            'An action on one instance has given another one a status, too: change the one with this id alone.'
        )
    refuses(app, ids[0])
    status = act(app, 'no-such-id', {'os-stop': None}).status_int
    if status != 404:
        raise NotYet(f'An action on an instance that does not exist is answered {status}: answer 404.')
    check_the_rest(app, ids)


def get(app, path):
    answer = app.get(path, TOKEN)
    if answer.status_int != 200:
        raise NotYet(f'GET /{path.split("/")[1]} is answered {answer.status_int} now: keep the routes that were there.')
    return answer


def status_of(app, instance_id):
    return instance_in(get(app, f'/instances/{instance_id}')).get('status')


def act(app, instance_id, body):
    return app.request('POST', f'/instances/{instance_id}/action', TOKEN, body)


def expect_status(app, instance_id, action, status):
    answer = act(app, instance_id, {action: None})
    asked = f'POST {HERE} with {{"{action}": null}}'
    if answer.status_int == 404:
        raise NotYet(f'{asked} is answered 404: this path has no row in the table of your router yet.')
    if answer.status_int != 202:
        raise NotYet(f'{asked} is answered {answer.status_int}: answer 202, accepted.')
    found = status_of(app, instance_id)
    if found != status:
        raise NotYet(f'After {asked}, GET /instances/ID shows the status {as_json(found)}: let it be {status}.')


def refuses(app, instance_id):
    """Whatever is no action is a 400, and leaves the instance ACTIVE."""
    bodies = {
        '{"dance": null}': {'dance': None},
        'two actions at once': {'os-stop': None, 'os-start': None},
        'no action, {}': {},
        'the list ["os-stop"]': '["os-stop"]',
        'no JSON at all': 'os-stop!',
    }
    for shown, body in bodies.items():
        headers = {**TOKEN, 'Content-Type': 'application/json'}
        status = app.request('POST', f'/instances/{instance_id}/action', headers, body).status_int
        if status != 400:
            raise NotYet(f'POST {HERE} with {shown} is answered {status}: answer 400.')
        if status_of(app, instance_id) != 'ACTIVE':
            raise NotYet(f'POST {HERE} with {shown} is refused, and yet changes the status: look first, then change.')


def check_the_rest(app, ids):
    wrong = app.get(f'/instances/{ids[0]}/action', TOKEN).status_int
    if wrong != 405:
        raise NotYet(f'GET {HERE} is answered {wrong}: the row is for POST alone.')
    for method, path, body, status in (
        ('POST', '/instances', 'name=demo_one', 201),
        ('PUT', f'/instances/{ids[0]}', 'name=demo_two', 200),
        ('DELETE', f'/instances/{ids[0]}', None, 204),
    ):
        found = app.request(method, path, TOKEN, body).status_int
        if found != status:
            shown = path.replace(ids[0], 'ID')
            raise NotYet(
                f'{method} {shown} is answered {found} now, instead of {status}: keep the routes that were there.'
            )

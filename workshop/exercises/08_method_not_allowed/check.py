"""404 is about the path, 405 about the method, and Allow tells the client what to do instead.

Real: glance 2014.1 answered 404 here. glance 2014.2 answers 405 with Allow, by more routes for each path, see
    glance/api/v2/router.py API and glance/common/wsgi.py RejectMethodController.
"""

from workshop.student import TOKEN, NotYet, instances_in

CHAPTER = 3
SERVICES = {'ground': 'configure.ini'}
HERE = '/instances/{instance_id}'


def check(student):
    app = student.app()
    there = app.get('/instances', TOKEN)
    if there.status_int != 200:
        raise NotYet(f'GET /instances is answered {there.status_int} now: what is in the table has to be found first.')
    instances = instances_in(there)
    if not instances:
        raise NotYet('GET /instances shows no instance any more: leave the three that are there from the start.')
    instance = f'/instances/{instances[0]["id"]}'
    expect_405(app, 'DELETE', '/instances', '/instances', ('GET', 'POST'))
    expect_405(app, 'PUT', instance, HERE, ('GET', 'DELETE'))
    expect_405(app, 'PATCH', '/instances', '/instances', ('GET', 'POST'))
    for path in ('/nothing', f'{instance}/more'):
        status = app.request('DELETE', path, TOKEN).status_int
        if status != 404:
            raise NotYet(f'DELETE {path} is answered {status}: this path is in no row of the table, so 404 is right.')
    expect(app, 'POST', '/instances', 201, 'name=demo_one')
    expect(app, 'GET', instance, 200)
    expect(app, 'DELETE', instance, 204)
    expect(app, 'GET', instance, 404)


def expect_405(app, method, path, shown, allowed):
    answer = app.request(method, path, TOKEN)
    right = ', '.join(allowed)
    if answer.status_int != 405:
        raise NotYet(
            f'{method} {shown} is answered {answer.status_int}: the path is in the table, the method is not, so answer '
            '405.'
        )
    if 'Allow' not in answer.headers:
        raise NotYet(f'{method} {shown} is answered 405, but without the header Allow: send Allow: {right}.')
    if sorted(each.strip() for each in answer.headers['Allow'].split(',')) != sorted(allowed):
        raise NotYet(
            f'{method} {shown} is answered 405 with Allow: {answer.headers["Allow"]}. By the table, it is {right}.'
        )


def expect(app, method, path, status, body=None):
    answer = app.request(method, path, TOKEN, body)
    if answer.status_int != status:
        raise NotYet(
            f'{method} {path} is answered {answer.status_int} instead of {status}: let what is in the table go to the '
            'controller, as before.'
        )

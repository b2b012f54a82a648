"""Recorded requests for the page's tests, in the form that the X-ray keeps: told as nested calls, and numbered here.

Use: stories() -> {id: request}; long(1000) -> one request with that many steps.
"""

import itertools

HOUSE = {
    'services': [
        {
            'name': 'instance',
            'ini': 'configure.ini',
            'pipeline': ['xray', 'auth', 'instance'],
            'filters': [
                {'name': 'xray', 'factory': 'xray.filter:filter_factory', 'file': 'xray/filter.py'},
                {'name': 'auth', 'factory': 'auth:filter_factory', 'file': 'auth.py'},
            ],
            'routes': [
                ['GET HEAD', '/instances', 'instances', 'index'],
                ['POST', '/instances', 'instances', 'create'],
                ['GET HEAD', '/instances/{instance_id}', 'instances', 'show'],
                ['PUT', '/instances/{instance_id}', 'instances', 'update'],
                ['DELETE', '/instances/{instance_id}', 'instances', 'delete'],
            ],
            'layers': [],
        },
        {
            'name': 'glance-api',
            'ini': 'cloud/glance/glance-api.ini',
            'pipeline': ['xray', 'versionnegotiation', 'authtoken', 'context', 'rootapp'],
            'filters': [
                {'name': 'versionnegotiation', 'factory': 'cloud.glance.api.middleware.version_negotiation:Filter'},
                {'name': 'authtoken', 'factory': 'cloud.keystoneclient.middleware.auth_token:filter_factory'},
                {'name': 'context', 'factory': 'cloud.glance.api.middleware.context:ContextMiddleware.factory'},
            ],
            'routes': [
                ['GET', '/images', 'images', 'index'],
                ['POST', '/images', 'images', 'create'],
                ['GET', '/images/{image_id}', 'images', 'show'],
                ['PUT', '/images/{image_id}/file', 'data', 'upload'],
            ],
            'layers': ['authorization', 'notifier', 'policy', 'quota', 'location', 'db'],
        },
        {
            'name': 'glance-registry',
            'ini': 'cloud/glance/glance-registry.ini',
            'pipeline': ['xray', 'authtoken', 'context', 'registryapp'],
            'filters': [
                {'name': 'authtoken', 'factory': 'cloud.keystoneclient.middleware.auth_token:filter_factory'},
                {'name': 'context', 'factory': 'cloud.glance.api.middleware.context:ContextMiddleware.factory'},
            ],
            'routes': [['POST', '/images', 'images', 'create'], ['PUT', '/images/{image_id}', 'images', 'update']],
            'layers': [],
        },
    ]
}
PATHS = {'auth.py': 45, 'routers.py': 72, 'wsgi.py': 98, 'controllers.py': 60, 'server.py': 40}


def call(landmark, label, name, file, *inside, **more):
    """A step, with those inside it. more: what differs from a step to which nothing happened."""
    step = {
        'landmark': landmark, 'label': label, 'name': name, 'module': file.removesuffix('.py').replace('/', '.'), 'file': file,
        'line': PATHS.get(file, 30), 'real': None, 'arguments': {}, 'result': None, 'changed': {}, 'sql': None, 'http': None,
        'exception': None, 'refused': False,
    }  # fmt: skip
    return {**step, **more}, inside


def request(number, service, method, path, status, tree, **more):
    steps = list(flatten(tree, service))
    told = {
        'id': f'req-{number:08d}-0000-4000-8000-000000000000', 'service': service, 'method': method, 'path': path, 'query': '',
        'status': status, 'user': 'admin', 'tenant': 'admin', 'started': f'2026-11-22T09:30:{number:02d}Z',
        'duration_us': steps[0]['duration_us'] + 120, 'refused_by': None, 'refusal': None, 'parent': None,
        'steps_total': len(steps), 'steps_left_out': 0, 'children': [],
        'request': {'headers': {'Host': '127.0.0.1:8080', 'X-Auth-Token': '***'}, 'body': None},
        'response': {'headers': {'Content-Type': 'application/json'}, 'body': '{"ok": true}'}, 'steps': steps,
    }  # fmt: skip
    return {**told, **more}


def flatten(tree, service):
    numbers, clock = itertools.count(), itertools.count(40, 35)

    def walk(node, parent, depth, around):
        step, inside = node
        n = next(numbers)
        placed = {'service': around, **step, 'n': n, 'parent': parent, 'depth': depth, 'start_us': next(clock)}
        yield placed
        for each in inside:
            yield from walk(each, n, depth + 1, placed['service'])
        placed['duration_us'] = next(clock) - placed['start_us']

    yield from walk(tree, None, 0, service)


def ground(*inside, **more):
    auth = call('filter', 'filter auth', 'auth.Auth.__call__', 'auth.py', *inside, **AUTH, **more)
    return call('server', 'server', 'xray.filter.Xray.__call__', 'server.py', auth)


AUTH = {'real': 'keystonemiddleware 1.2 keystonemiddleware/auth_token.py AuthProtocol'}
RIGHT = call(None, 'is_right', 'auth.Auth.is_right', 'auth.py', arguments={'sent': '***'}, result='True')
MISSING = "The header X-Auth-Token is missing: send it with the token from the ini's [filter:auth]."
FAULT = call(None, 'fault', 'wsgi.fault', 'wsgi.py', arguments={'code': '403'}, result='<Response 403>')


def ground_show():
    action = call(
        'action', 'action show', 'controllers.Controller.show', 'controllers.py',
        arguments={'instance_id': "'5e4e7bd5-4b35-4a64-a18b-bf2ac3b27a35'"}, result="{'instance': {'name': 'inst-0'}}",
        real='nova 2014.2 nova/api/openstack/compute/servers.py Controller.show',
    )  # fmt: skip
    dispatch = call('dispatch', 'dispatch', 'wsgi.Resource.__call__', 'wsgi.py', action)
    matched = {'environ': {'wsgiorg.routing_args': [None, "{'action': 'show'}"]}}
    router = call(
        'router',
        'router Router: /instances/{instance_id}',
        'routers.Router.__call__',
        'routers.py',
        dispatch,
        changed=matched,
    )
    return ground(RIGHT, router)


def layer(name, method, *inside, **more):
    file = f'cloud/glance/{name}.py'
    return call(
        'layer', f'{name} layer: {method}', f'cloud.glance.{name}.ImageRepoProxy.{method}', file, *inside, **more
    )


def sql(statement, rows=1):
    return call(
        'sql', ' '.join(statement.split()[:1] + ['images']), 'cloud.glance.db.sqlalchemy.api.run', 'cloud/glance/db/__init__.py',
        sql={'statement': statement, 'parameters': "{'id': '9f2c…'}", 'rows': rows},
    )  # fmt: skip


def onion(method, *core):
    inner = layer('db', method, *core)
    for name in ('location', 'quota', 'policy', 'notifier', 'authorization'):
        inner = layer(name, method, inner)
    return inner


def glance(app, service='glance-api', *before):
    dispatch = call('dispatch', 'dispatch', 'cloud.glance.common.wsgi.Resource.__call__', 'wsgi.py', app)
    router = call(
        'router', 'router API: /images/{image_id}', 'cloud.glance.api.v2.router.API.__call__', 'routers.py', dispatch
    )
    inner = call(
        'filter', 'filter context', 'cloud.glance.api.middleware.context.ContextMiddleware.__call__', 'auth.py', router
    )
    inner = call('filter', 'filter authtoken', 'cloud.keystoneclient.middleware.auth_token.AuthProtocol.__call__', 'auth.py', inner,
                 changed={'environ': {'HTTP_X_USER_ID': [None, "'admin'"], 'HTTP_X_ROLES': [None, "'admin'"]}})  # fmt: skip
    if service == 'glance-api':
        inner = call('filter', 'filter versionnegotiation', 'version_negotiation.Filter.__call__', 'auth.py', inner)
    return call('server', 'server', 'xray.filter.Xray.__call__', 'server.py', inner, service=service)


def glance_upload():
    get = onion('get', sql('SELECT images.id, images.name, images.status FROM images WHERE images.id = :id'))
    store = call(
        'store', 'store: add 1.2 MiB', 'cloud.glance.store.filesystem.Store.add', 'cloud/glance/store/filesystem.py'
    )
    save = onion('save', sql('UPDATE images SET status = :status WHERE images.id = :id AND images.status = :was'))
    return glance(call('action', 'action upload', 'cloud.glance.api.v2.image_data.ImageDataController.upload', 'controllers.py',
                       get, layer('quota', 'set_data', layer('location', 'set_data', store)), save))  # fmt: skip


def registry(action, statement):
    return glance(call('action', f'action {action}', f'cloud.glance.registry.api.v1.images.Controller.{action}', 'controllers.py',
                       sql(statement)), service='glance-registry')  # fmt: skip


def hop(method, path, inside):
    return call(
        'http', f'HTTP {method} {path}', 'cloud.glance.registry.client.v1.client.RegistryClient.do_request', 'server.py', inside,
        http={'method': method, 'url': f'http://127.0.0.1:9191{path}', 'status': 200, 'request_id': 'req-registry'},
    )  # fmt: skip


def glance_v1():
    create = hop('POST', '/images', registry('create', 'INSERT INTO images (id, name) VALUES (:id, :name)'))
    update = hop('PUT', '/images/9f2c', registry('update', 'UPDATE images SET status = :status WHERE id = :id'))
    store = call(
        'store', 'store: add 12 B', 'cloud.glance.store.filesystem.Store.add', 'cloud/glance/store/filesystem.py'
    )
    return glance(
        call(
            'action',
            'action create',
            'cloud.glance.api.v1.images.Controller.create',
            'controllers.py',
            create,
            store,
            update,
        )
    )


def stories():
    refused = ground(FAULT, refused=True, result='403 Forbidden')
    told = [
        request(1, 'instance', 'GET', '/instances/5e4e7bd5-4b35-4a64-a18b-bf2ac3b27a35', 200, ground_show(), user=None),
        request(2, 'instance', 'GET', '/instances', 403, refused, user=None, refused_by='auth', refusal=MISSING),
        request(3, 'glance-api', 'PUT', '/v2/images/9f2c0f7e/file', 204, glance_upload()),
        request(4, 'glance-api', 'POST', '/v1/images', 201, glance_v1()),
    ]
    return {each['id']: each for each in told}


def long(count):
    """A request of so many steps, every third of them a landmark."""
    inside = []
    for number in range((count - 3) // 3):
        inner = call(None, 'look', 'cloud.glance.db.look', 'wsgi.py', call(None, 'at', 'cloud.glance.db.at', 'wsgi.py'))
        inside.append(
            call(
                'sql',
                f'SELECT {number}',
                'cloud.glance.db.run',
                'wsgi.py',
                inner,
                sql={'statement': 'SELECT 1', 'parameters': '', 'rows': 1},
            )
        )
    return request(90, 'instance', 'GET', '/long', 200, ground(*inside))

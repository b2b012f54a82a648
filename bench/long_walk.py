"""A recorded request of as many steps as one likes, for the X-ray's page.

Use: long(1000) -> what GET /xray/requests/ID answers
"""

import itertools


def long(count, request_id='req-00000090-0000-4000-8000-000000000000'):
    """A request of so many steps, every third of them a landmark."""
    numbers = itertools.count()
    server = step(next(numbers), None, 0, 'server', 'GET /long')
    auth = step(next(numbers), 0, 1, 'filter', 'filter Auth')
    steps = [server, auth]
    while len(steps) < count:
        sql = step(next(numbers), 1, 2, 'sql', 'SELECT 1')
        look = step(next(numbers), sql['n'], 3, None, 'look')
        steps += [sql, look, step(next(numbers), look['n'], 4, None, 'at')]
    nothing = dict.fromkeys(('user', 'tenant', 'refused_by', 'refusal', 'parent'))
    said = {'headers': {}, 'body': None}
    return {
        **nothing, 'id': request_id, 'global_id': request_id, 'service': 'ground-floor', 'method': 'GET',
        'path': '/long', 'query': '', 'status': 200, 'started': '2026-11-22T09:30:00Z', 'duration_us': 90_000,
        'children': [], 'steps_total': len(steps), 'steps_left_out': 0, 'request': said, 'response': said,
        'steps': steps,
    }  # fmt: skip


def step(n, parent, depth, landmark, label):
    nothing = dict.fromkeys(('real', 'result', 'sql', 'http', 'exception'))
    return {
        **nothing, 'n': n, 'parent': parent, 'depth': depth, 'service': 'ground-floor', 'landmark': landmark,
        'label': label, 'name': f'auth.{label}', 'module': 'auth', 'file': 'auth.py', 'line': 34,
        'arguments': {'n': str(n)}, 'changed': {}, 'start_us': n * 80, 'duration_us': 70, 'refused': False,
    }  # fmt: skip

import threading
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webob import Request
from webob.exc import HTTPNotFound

import controllers
import wsgi
from controllers import Controller, new_instance
from routers import Router
from tests.waiting import join

JSON = 'application/json'
FORM = 'application/x-www-form-urlencoded'


def names(client, query=''):
    return [instance['name'] for instance in client.get('/instances' + query).json['instances']]


def first_id(client):
    return client.get('/instances').json['instances'][0]['id']


def refusal(response):
    (fault,) = response.json.values()
    assert fault['code'] == response.status_int
    return fault['message']


# -- what each action answers


def test_three_instances_exist_at_the_start(client):
    instances = client.get('/instances').json['instances']
    assert [instance['name'] for instance in instances] == ['inst-0', 'inst-1', 'inst-2']
    assert all(str(uuid.UUID(instance['id'])) == instance['id'] for instance in instances)


@pytest.mark.parametrize(('content_type', 'body'), [
    (FORM, 'name=demo_one'),
    (FORM + '; charset=UTF-8', 'name=demo_one'),
    (FORM, 'name=++demo_one%0A'),
    (JSON, '{"name": "demo_one"}'),
    (JSON, '{"instance": {"name": "demo_one"}}'),
    (JSON, '{"name": "another", "instance": {"name": "demo_one"}}'),
])  # fmt: skip
def test_create_takes_a_form_or_json(client, content_type, body):
    response = client.post('/instances', body, content_type=content_type, status=201)
    instance = response.json['instance']
    assert response.json == {'instance': {'id': instance['id'], 'name': 'demo_one'}}
    assert response.location == 'http://localhost/instances/' + instance['id']
    assert client.get('/instances/' + instance['id']).json == response.json
    assert names(client) == ['inst-0', 'inst-1', 'inst-2', 'demo_one']


def test_create_takes_a_multipart_form(client):
    response = client.post('/instances', {'name': 'demo_one'}, upload_files=[('other', 'file.txt', b'x')], status=201)
    assert response.json['instance']['name'] == 'demo_one'


@pytest.mark.parametrize('name', ['x', 'x' * 255, 'жар-птица', '木', '🦆' * 255, 'a b', '"quoted" <b>', '../../etc'])
def test_a_name_is_any_text_of_1_to_255_characters(client, name):
    for send in (
        lambda: client.post_json('/instances', {'name': name}),
        lambda: client.post('/instances', {'name': name}),
    ):
        instance = send().json['instance']
        assert instance['name'] == name
        assert client.get('/instances/' + instance['id']).json['instance']['name'] == name


def test_show_of_nothing_is_404(client):
    assert refusal(client.get('/instances/nobody', status=404)).startswith('There is no instance nobody')


def test_update_renames(client):
    one = '/instances/' + first_id(client)
    answer = {'instance': {'id': first_id(client), 'name': 'renamed'}}
    assert client.put(one, {'name': 'renamed'}).json == answer
    assert client.get(one).json == answer
    assert names(client) == ['renamed', 'inst-1', 'inst-2']


def test_update_of_nothing_is_404(client):
    client.put('/instances/nobody', {'name': 'x'}, status=404)


def test_update_with_a_bad_name_is_400_and_changes_nothing(client):
    client.put('/instances/' + first_id(client), {'name': ''}, status=400)
    assert names(client) == ['inst-0', 'inst-1', 'inst-2']


def test_delete_is_204_with_no_body_and_then_404(client):
    one = '/instances/' + first_id(client)
    response = client.delete(one, status=204)
    assert response.body == b''
    assert 'Content-Type' not in response.headers
    client.delete(one, status=404)
    client.get(one, status=404)
    assert names(client) == ['inst-1', 'inst-2']


# -- paging


def follow(client, query):
    """All pages' names, page by page, as a client that follows the links sees them."""
    pages, url = [], '/instances' + query
    while url:
        document = client.get(url).json
        pages.append([instance['name'] for instance in document['instances']])
        (link,) = document.get('instances_links', [None])
        assert link is None or (link['rel'] == 'next' and link['href'].startswith('http://localhost/instances?'))
        url = link and link['href']
    return pages


def test_limit_and_marker_page_through_in_order_of_creation(client):
    for number in range(3, 7):
        client.post('/instances', {'name': f'inst-{number}'})
    assert follow(client, '?limit=3') == [
        ['inst-0', 'inst-1', 'inst-2'],
        ['inst-3', 'inst-4', 'inst-5'],
        ['inst-6'],
    ]


def test_a_full_last_page_has_no_next(client):
    assert follow(client, '?limit=3') == [['inst-0', 'inst-1', 'inst-2']]


def test_a_page_has_at_most_1000(client, app):
    for number in range(3, 2001):
        client.post('/instances', {'name': f'inst-{number}'})
    for query in ('', '?limit=1000', '?limit=1001', '?limit=' + '9' * 5000):
        assert [len(page) for page in follow(client, query)] == [1000, 1000, 1]


def test_the_next_link_keeps_the_rest_of_the_query(client):
    href = client.get('/instances?limit=1&colour=r%C3%A9d').json['instances_links'][0]['href']
    assert href == f'http://localhost/instances?limit=1&colour=r%C3%A9d&marker={first_id(client)}'


def test_a_marker_at_the_end_gives_an_empty_page(client):
    last = client.get('/instances').json['instances'][-1]['id']
    assert client.get('/instances?marker=' + last).json == {'instances': []}


@pytest.mark.parametrize(
    'limit', ['0', '000', '-1', '+1', '1.0', '1e3', '', ' 1', 'x', '%C2%B2', '%D9%A3', '1%0A', '0x1']
)
def test_a_limit_that_is_no_positive_number_is_400(client, limit):
    assert 'limit=10' in refusal(client.get('/instances?limit=' + limit, status=400))


@pytest.mark.parametrize('marker', ['', 'nobody', 'a' * 10000])
def test_an_unknown_marker_is_400(client, marker):
    assert 'the last id you saw' in refusal(client.get('/instances?marker=' + marker, status=400))


def test_leading_zeros_are_only_zeros(client):
    assert names(client, '?limit=' + '0' * 5000 + '1') == ['inst-0']


def test_a_query_that_is_not_utf8_is_400(client):
    assert 'UTF-8' in refusal(client.get('/instances?name=%ff', status=400))


# -- bad input


# A form whose one part is a form whose one part is a form ...
NESTED = '--b\r\n' + ''.join(f'Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n' for n in range(1000))

BAD_BODIES = {
    'nothing': (None, ''),
    'nothing as JSON': (JSON, ''),
    'no name in a form': (FORM, 'nam=x'),
    'no name in JSON': (JSON, '{}'),
    'an empty name': (FORM, 'name='),
    'a blank name': (FORM, 'name=%20%0A%09'),
    '256 characters': (FORM, 'name=' + 'x' * 256),
    'a NUL': (FORM, 'name=a%00b'),
    'a line feed': (FORM, 'name=a%0Ab'),
    'an escape': (JSON, r'{"name": "a\u001b[2Jb"}'),
    'a C1 control character': (JSON, r'{"name": "a\u0085b"}'),
    'half a character': (JSON, r'{"name": "a\ud800b"}'),
    'bytes that are not UTF-8, percent-encoded': (FORM, 'name=a%ffb'),
    'bytes that are not UTF-8': (FORM, b'name=a\xffb'),
    'JSON that is not UTF-8': (JSON, b'{"name": "a\xffb"}'),
    'JSON in UTF-16': (JSON, '{"name": "x"}'.encode('utf-16')),
    'a form that says it is not UTF-8': (FORM + '; charset=latin-1', 'name=x'),
    'a form in no known charset': (FORM + '; charset=nonsense', 'name=x'),
    'broken JSON': (JSON, '{"name": '),
    'two JSON documents': (JSON, '{"name": "x"}{"name": "y"}'),
    'a JSON list': (JSON, '["name"]'),
    'a JSON text': (JSON, '"name"'),
    'null': (JSON, 'null'),
    'an instance that is a list': (JSON, '{"instance": ["name"]}'),
    'a null name': (JSON, '{"name": null}'),
    'a number': (JSON, '{"name": 1}'),
    'an infinite number': (JSON, '{"name": 1e999}'),
    'not a number': (JSON, '{"name": NaN}'),
    'a nested name': (JSON, '{"name": {"name": "x"}}'),
    'a 5000-digit number': (JSON, '{"name": ' + '9' * 5000 + '}'),
    '100,000 nested lists': (JSON, '[' * 100000),
    '50,000 nested objects': (JSON, '{"":' * 25000),
    'text': ('text/plain', 'name=x'),
    'XML': ('application/xml', '<instance name="x"/>'),
    'a type that is none': ('nonsense', 'name=x'),
    'multipart without a boundary': ('multipart/form-data', 'name=x'),
    'multipart with an empty boundary': ('multipart/form-data; boundary=', 'name=x'),
    'multipart with a strange boundary': ('multipart/form-data; boundary="\xff"', 'name=x'),
    'multipart that is cut off': (
        'multipart/form-data; boundary=b',
        '--b\r\nContent-Disposition: form-data; name="name"\r\n',
    ),
    'a part in no known charset': (
        'multipart/form-data; boundary=b',
        '--b\r\nContent-Disposition: form-data; name="name"\r\nContent-Type: text/plain; charset=hex\r\n\r\nx\r\n'
        '--b--\r\n',
    ),
    'a strange part in a part': (
        'multipart/form-data; boundary=b',
        '--b\r\nContent-Disposition: form-data; name="name"\r\n'
        'Content-Type: multipart/mixed; boundary=c; charset=latin-1\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--\r\n',
    ),
    'parts in parts in parts': ('multipart/form-data; boundary=b', NESTED),
    'a line separator': (JSON, r'{"name": "a\u2028b"}'),
    'a change of direction': (JSON, r'{"name": "a\u202eb"}'),
    'a file as the name': (
        'multipart/form-data; boundary=b',
        '--b\r\nContent-Disposition: form-data; name="name"; filename="f"\r\n\r\nx\r\n--b--\r\n',
    ),
    'multipart in multipart': (
        'multipart/form-data; boundary=b',
        '--b\r\nContent-Type: multipart/mixed; boundary=c\r\nContent-Disposition: form-data; name="name"\r\n\r\n'
        '--c\r\n\r\n--b--',
    ),
}


@pytest.mark.parametrize('case', BAD_BODIES)
def test_a_bad_body_is_400_and_changes_nothing(client, case):
    content_type, body = BAD_BODIES[case]
    before = client.get('/instances').json
    one = before['instances'][0]['id']
    for method, path in (('POST', '/instances'), ('PUT', '/instances/' + one)):
        environ = {'CONTENT_TYPE': content_type} if content_type else {}
        body_bytes = body if isinstance(body, bytes) else body.encode('latin-1')
        response = client.request(path, method=method, body=body_bytes, environ=environ, status=400)
        assert refusal(response)
    assert client.get('/instances').json == before


PIECES = [b'name', b'=', b'&', b';', b'+', b'%', b'%4', b'%41', b'%ff', b'%c3%a4', b'\xff', b'\xc3', b'\0', b'\n', b'x']


@given(st.sampled_from(['POST', 'PUT']), st.lists(st.sampled_from(PIECES), min_size=1).map(b''.join))
def test_a_form_is_read_as_webob_reads_it(method, body):
    def request():
        return Request.blank('/instances?name=query', method=method, body=body, content_type=FORM)

    assert list(wsgi.read_fields(request()).items()) == list(request().POST.items())


def test_the_message_says_what_to_do(client):
    message = refusal(client.post('/instances', {'nam': 'x'}, status=400))
    assert message.startswith("The field 'name' is missing: send name=... as a form, or ")
    assert message.endswith('{"name": ...} with the header Content-Type: application/json.')


def test_a_body_above_the_limit_is_413_and_not_read():
    class Untouchable:
        def read(self, size=-1):
            raise AssertionError('the body was read')

    environ = Request.blank('/instances', method='POST', content_type=JSON).environ
    environ.update(CONTENT_LENGTH=str(wsgi.MAX_BODY + 1), HTTP_X_AUTH_TOKEN='open-sesame')
    environ['wsgi.input'] = Untouchable()
    response = Request(environ).get_response(Router(instances=Controller()))
    assert response.status_int == 413
    assert response.json['overLimit']['code'] == 413


# -- many at once


def test_many_threads_never_fail_and_never_lose_an_instance():
    controller, failures, kept = Controller(), [], []

    def work(number):
        try:
            for turn in range(150):
                keep, drop = new_instance(f'keep-{number}-{turn}'), new_instance('drop')
                controller.add(keep)
                controller.add(drop)
                controller.delete(None, drop['id'])
                kept.append(keep['id'])
                controller.index(Request.blank('/instances?limit=5&marker=' + keep['id']))
                controller.index(Request.blank('/instances'))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    join(*threads)
    assert failures == []
    assert set(kept) < set(controller.instances)
    assert len(controller.instances) == 3 + 8 * 150


def test_one_instance_is_deleted_once(client):
    one, statuses = '/instances/' + first_id(client), []
    threads = [
        threading.Thread(target=lambda: statuses.append(client.delete(one, status='*').status_int)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    join(*threads)
    assert sorted(statuses) == [204] + [404] * 7


def test_an_instance_that_is_deleted_meanwhile_is_not_renamed(monkeypatch):
    controller, read = Controller(), controllers.read_name
    one = next(iter(controller.instances))

    def late(fields):
        controller.delete(None, one)
        return read(fields)

    monkeypatch.setattr(controllers, 'read_name', late)
    with pytest.raises(HTTPNotFound):
        controller.update(Request.blank('/', method='PUT', POST={'name': 'new'}), one)

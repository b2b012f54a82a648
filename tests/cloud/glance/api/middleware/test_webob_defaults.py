"""The filter that gives refusals WebOb's shapes, in glance-api-today.ini alone."""

import configparser

import pytest
from webob import Request, Response

import server
from cloud.glance.api import parts
from cloud.glance.api.middleware.webob_defaults import WebObDefaults
from tests.servers import ROOT
from wsgi import fault

MESSAGE = 'No image <x> is there.'


def answer_of(app, accept=None, **options):
    req = Request.blank('/v2/images')
    if accept:
        req.accept = accept
    return req.get_response(WebObDefaults(app, **options))


@pytest.mark.parametrize(
    ('accept', 'content_type', 'shown'),
    [
        ('*/*', 'text/html', 'No image &lt;x&gt; is there.'),
        ('text/html', 'text/html', 'No image &lt;x&gt; is there.'),
        ('text/plain', 'text/plain', '404 Not Found'),
    ],
)
def test_a_refusal_has_the_shape_that_the_client_accepts(accept, content_type, shown):
    refusal = answer_of(fault(404, MESSAGE), accept)
    assert (refusal.status_code, refusal.content_type) == (404, content_type)
    assert shown in refusal.text


def test_json_has_a_message_a_code_and_a_title():
    refusal = answer_of(fault(404, MESSAGE), 'application/json')
    assert refusal.json['message'].startswith(MESSAGE)
    assert (refusal.json['code'], refusal.json['title']) == ('404 Not Found', 'Not Found')


def test_headers_that_say_what_to_do_next_stay():
    refusal = answer_of(fault(405, 'Not that.', {'Allow': 'GET, HEAD'}))
    assert refusal.headers['Allow'] == 'GET, HEAD'


def test_whoever_has_no_token_is_told_where_keystone_is():
    refusal = answer_of(fault(401, 'Who?'), auth_uri='http://127.0.0.1:5000/v3')
    assert refusal.headers['WWW-Authenticate'] == 'Keystone uri="http://127.0.0.1:5000/v3"'
    assert 'WWW-Authenticate' not in answer_of(fault(403, 'No.'), auth_uri='http://127.0.0.1:5000/v3').headers


def test_an_empty_answer_has_a_type():
    assert answer_of(Response(status=204, headerlist=[])).headers['Content-Type'] == 'text/html; charset=UTF-8'


@pytest.mark.parametrize('body', [b'[]', b'no JSON', b'{"a": 1}', b'{"a": {}, "b": {}}', b''])
def test_what_is_no_refusal_of_ours_passes_as_it_came(body):
    answer = answer_of(Response(body, 409, content_type='application/octet-stream'))
    assert (answer.status_code, answer.body, answer.content_type) == (409, body, 'application/octet-stream')


def test_data_pass_as_they_came():
    pieces = (piece for piece in (b'a', b'b'))
    assert answer_of(Response(app_iter=pieces)).body == b'ab'


def test_todays_service_shows_null_and_html_and_shares_by_default(tmp_path, monkeypatch):
    opened, make = [], parts.Database
    monkeypatch.setattr(parts, 'Database', lambda *arguments: opened.append(make(*arguments)) or opened[-1])
    folder = ROOT / 'cloud' / 'glance'
    for name in ('glance-api.ini', 'glance-api-today.ini'):
        text = (folder / name).read_text(encoding='utf-8').replace('%(here)s/../../data', f'{tmp_path}/data')
        (tmp_path / name).write_text(text.replace('%(here)s', str(folder)), encoding='utf-8')
    app = server.load_app(tmp_path / 'glance-api-today.ini')
    req = Request.blank('/v2/images', method='POST', headers={'X-Auth-Token': 'alice-token'})
    req.json = {'name': 'new'}
    made = req.get_response(app)
    assert (made.status_code, made.json['visibility'], made.json['disk_format']) == (201, 'shared', None)
    refusal = Request.blank('/v2/images/x', headers={'X-Auth-Token': 'alice-token', 'Accept': '*/*'}).get_response(app)
    assert (refusal.status_code, refusal.content_type) == (404, 'text/html')
    for database in opened:
        database.close()


def test_what_is_todays_is_what_the_other_ini_says_otherwise():
    usual, today = configparser.RawConfigParser(), configparser.RawConfigParser()
    usual.read(ROOT / 'cloud' / 'glance' / 'glance-api.ini')
    today.read(ROOT / 'cloud' / 'glance' / 'glance-api-today.ini')
    assert set(today['DEFAULT']) - {'auth_uri'} <= set(usual['DEFAULT'])

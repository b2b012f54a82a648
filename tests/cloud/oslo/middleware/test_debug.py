"""-v changes nothing: what works without it works with it."""

import logging

import pytest
from webob import Response
from webob.dec import wsgify
from webtest import TestApp

import server
from tests.servers import ROOT, TOKEN

# Auth of the article that this project began with, for Python 3: filters and applications that take a Request.
ARTICLE = """
from webob import Response, exc
from webob.dec import wsgify


class Auth:
    def __init__(self, app):
        self.app = app

    @wsgify
    def __call__(self, req):
        resp = self.process_request(req)
        if resp:
            return resp
        return self.app(req)

    @wsgify
    def process_request(self, req):
        if req.headers.get('X-Auth-Token') != 'open-sesame':
            return exc.HTTPForbidden()


@wsgify.middleware
def filter_factory(app, global_config, **local_config):
    return Auth(app)


def app_factory(global_config):
    @wsgify
    def hello(req):
        return Response('hello ' + req.path, content_type='text/plain')
    return hello
"""
PIPELINES = {
    'article_app': 'article hello',
    'article_cloud': 'article auth instance',
    'cloud_article': 'auth article instance',
}


@pytest.fixture(params=[False, True], ids=['', '-v'])
def load(request, tmp_path, monkeypatch):
    (tmp_path / 'article.py').write_text(ARTICLE)
    monkeypatch.syspath_prepend(tmp_path)
    text = (ROOT / 'configure.ini').read_text()
    text += '[filter:article]\npaste.filter_factory = article:filter_factory\n'
    text += '[app:hello]\npaste.app_factory = article:app_factory\n'
    for name, pipeline in PIPELINES.items():
        text += f'[pipeline:{name}]\npipeline = {pipeline}\n'
    (tmp_path / 'article.ini').write_text(text)
    return lambda name: TestApp(server.load_app(tmp_path / 'article.ini', name, verbose=request.param))


def test_a_filter_written_with_wsgify_before_an_application_written_with_it(load):
    app = load('article_app')
    assert app.get('/there', headers=TOKEN).text == 'hello /there'
    app.get('/there', status=403)


@pytest.mark.parametrize('name', ['article_cloud', 'cloud_article'])
def test_the_articles_filter_in_front_of_our_own_applications(load, name):
    app = load(name)
    assert len(app.get('/instances', headers=TOKEN).json['instances']) == 3
    app.get('/instances', status=403)
    app.get('/nowhere', headers=TOKEN, status=404)


class Counting:
    """An application with more to it than being called."""

    served = 0

    @wsgify
    def __call__(self, req):
        self.served += 1
        return Response('once more', content_type='text/plain')


def test_what_else_a_step_has_can_be_reached_through_it():
    from cloud.oslo.middleware.debug import Debug

    step = Debug(Counting())
    TestApp(step).get('/')
    assert step.served == 1


def test_a_step_that_fails_says_so(caplog):
    from cloud.oslo.middleware.debug import Debug

    def broken(environ, start_response):
        raise NameError('secret')

    caplog.set_level(logging.DEBUG)
    with pytest.raises(NameError):
        TestApp(Debug(broken)).get('/')
    assert caplog.messages == ['reaches broken', 'broken fails: NameError']

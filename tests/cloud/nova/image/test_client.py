import glanceclient.exc
import pytest

from cloud.nova import exception
from cloud.nova.common import config
from cloud.nova.context import RequestContext
from cloud.nova.image import client as glance_client

UNAVAILABLE = glanceclient.exc.HTTPServiceUnavailable()


class TestOrder:
    def test_each_call_takes_the_next_server_with_a_client_of_its_own(self, options, context, fake):
        glances = fake(*'abc')
        wrapper = glance_client.GlanceClientWrapper(options)
        assert [wrapper.call(context, 1, 'get', 'x') for _ in range(3)] == ['a', 'b', 'c']
        assert glances.made == [(context, '127.0.0.1', port, False, 1) for port in (1, 2, 1)]
        assert glances.calls == [('get', ('x',), {})] * 3

    def test_a_fixed_server_is_asked_alone_and_its_client_kept_for_each_version(self, options, context, fake):
        glances = fake(*'abcd')
        mine = RequestContext('bob', 'other', auth_token='bob-token')
        wrapper = glance_client.GlanceClientWrapper(options, mine, 'glance', 9292, True)
        assert [wrapper.call(context, version, 'get', 'x') for version in (1, 1, 2, 1)] == ['a', 'b', 'c', 'd']
        assert glances.made == [(mine, 'glance', 9292, True, 1), (mine, 'glance', 9292, True, 2)]


class TestAttempts:
    @pytest.mark.parametrize(
        'error',
        [
            glanceclient.exc.HTTPServiceUnavailable(),
            glanceclient.exc.ServiceUnavailable(),
            glanceclient.exc.InvalidEndpoint('no answer'),
            glanceclient.exc.CommunicationError('refused'),
        ],
    )
    def test_what_another_server_may_do_better_goes_to_the_next_one(self, options, context, fake, error):
        glances = fake(error, 'answer')
        assert glance_client.GlanceClientWrapper(options).call(context, 1, 'get', 'x') == 'answer'
        assert glances.servers == [1, 2]

    @pytest.mark.parametrize(
        'error',
        [
            glanceclient.exc.HTTPNotFound(),
            glanceclient.exc.HTTPUnauthorized(),
            glanceclient.exc.HTTPForbidden(),
            glanceclient.exc.HTTPBadRequest(),
            glanceclient.exc.HTTPConflict(),
            glanceclient.exc.HTTPInternalServerError(),
            glanceclient.exc.HTTPMultipleChoices(),
            KeyError('x'),
        ],
    )
    def test_any_other_error_is_raised_at_once_as_it_is(self, options, context, fake, error):
        glances = fake(error)
        with pytest.raises(type(error)) as caught:
            glance_client.GlanceClientWrapper(options).call(context, 1, 'get', 'x')
        assert caught.value is error
        assert glances.servers == [1]

    def test_no_retries_is_one_attempt_not_endless_ones(self, options, context, fake):
        assert config.parse({}).glance_num_retries == 0
        options.glance_num_retries = 0
        glances = fake(UNAVAILABLE)
        with pytest.raises(exception.GlanceConnectionFailed):
            glance_client.GlanceClientWrapper(options).call(context, 1, 'get', 'x')
        assert glances.servers == [1]

    def test_there_is_one_attempt_and_as_many_more_as_the_ini_says_with_a_rest_in_between(
        self, options, context, fake, monkeypatch
    ):
        slept = []
        monkeypatch.setattr(glance_client.cancel, 'sleep', slept.append)
        options.glance_num_retries, options.glance_retry_interval = 3, 1.5
        glances = fake(*[UNAVAILABLE] * 4)
        with pytest.raises(exception.GlanceConnectionFailed):
            glance_client.GlanceClientWrapper(options).call(context, 1, 'get', 'x')
        assert glances.servers == [1, 2, 1, 2]
        assert slept == [1.5, 1.5, 1.5]

    def test_the_rest_is_a_second_unless_told(self):
        assert config.parse({}).glance_retry_interval == 1

    def test_the_failure_names_the_servers_that_were_tried_and_what_they_did(self, options, context, fake):
        fake(UNAVAILABLE, glanceclient.exc.CommunicationError('refused'))
        with pytest.raises(exception.GlanceConnectionFailed) as caught:
            glance_client.GlanceClientWrapper(options).call(context, 1, 'get', 'x')
        assert str(caught.value) == (
            'The image service cannot be reached: tried 127.0.0.1:1 (it answers 503), '
            '127.0.0.1:2 (no connection, or a broken one).'
        )
        assert caught.value.code == 503
        assert isinstance(caught.value.__cause__, glanceclient.exc.CommunicationError)

    def test_a_server_that_failed_twice_alike_is_named_once(self, options, context, fake):
        options.glance_api_servers = ['[::1]:9292']
        fake(UNAVAILABLE, UNAVAILABLE)
        with pytest.raises(exception.GlanceConnectionFailed, match=r'tried \[::1\]:9292 \(it answers 503\)\.$'):
            glance_client.GlanceClientWrapper(options).call(context, 1, 'get', 'x')

    def test_each_attempt_has_all_arguments_though_the_client_takes_things_out_of_them(self, options, context, fake):
        def take_out(filters):
            assert filters.pop('properties') == {'a': 'b'}
            raise UNAVAILABLE

        glances = fake(take_out, lambda filters: filters)
        filters = {'properties': {'a': 'b'}}
        assert glance_client.GlanceClientWrapper(options).call(context, 1, 'list', filters=filters) == filters
        assert len(glances.calls) == 2


class TestRealClients:
    def test_the_callers_token_goes_along_with_keystone(self, options, context):
        client = glance_client._create_glance_client(options, context, 'glance', 9292, False, 1).http_client
        assert (client.endpoint, client.auth_token, client.timeout) == ('http://glance:9292', 'alice-token', 10)

    def test_no_token_goes_along_with_noauth(self, options, context):
        options.auth_strategy = 'noauth'
        client = glance_client._create_glance_client(options, context, 'glance', 9292, False).http_client
        assert client.auth_token is None

    @pytest.mark.parametrize('insecure', [True, False])
    def test_an_https_server_shows_a_good_certificate_unless_the_ini_takes_any(self, options, context, insecure):
        options.glance_api_insecure = insecure
        client = glance_client._create_glance_client(options, context, 'glance', 9292, True).http_client
        assert client.endpoint == 'https://glance:9292'
        assert client.session.verify is not insecure

    @pytest.mark.parametrize(('version', 'module'), [(1, 'glanceclient.v1.client'), (2, 'glanceclient.v2.client')])
    def test_each_version_has_its_client(self, options, context, version, module):
        client = glance_client._create_glance_client(options, context, '::1', 9292, False, version)
        assert type(client).__module__ == module
        assert client.http_client.endpoint == 'http://[::1]:9292'

import itertools

import pytest

from cloud.nova.common import config
from cloud.nova.image import api_servers
from cloud.nova.image.client import GlanceClientWrapper


def take(count, servers):
    return list(itertools.islice(servers, count))


class TestReading:
    @pytest.mark.parametrize(
        ('text', 'server'),
        [
            ('127.0.0.1:9292', ('127.0.0.1', 9292, False)),
            ('glance', ('glance', 80, False)),
            ('http://glance:9292', ('glance', 9292, False)),
            ('http://glance', ('glance', 80, False)),
            ('https://glance:9292', ('glance', 9292, True)),
            ('https://glance', ('glance', 80, True)),
            ('http://glance:9292/a/path', ('glance', 9292, False)),
            ('[::1]:9292', ('::1', 9292, False)),
        ],
    )
    def test_an_entry_is_host_port_and_whether_it_is_https_and_the_port_is_80_if_not_said(self, text, server):
        assert api_servers.read_api_server(text) == server

    @pytest.mark.parametrize('text', ['http://', ':9292', 'glance:x', 'glance:99999', 'ftp://glance', 'http://[::1'])
    def test_an_entry_that_is_no_address_is_found_at_the_start(self, text):
        with pytest.raises(ValueError) as caught:
            GlanceClientWrapper(config.parse({'glance_api_servers': text}))
        assert str(caught.value).startswith(f'glance_api_servers = {text}: give HOST:PORT, or a URL')


class TestOrder:
    def test_the_servers_are_shuffled_once_and_then_go_round_and_round(self, options, monkeypatch):
        shuffled = []

        def shuffle(servers):
            shuffled.append(list(servers))
            servers.reverse()

        monkeypatch.setattr(api_servers.random, 'shuffle', shuffle)
        servers = api_servers.get_api_servers(options)
        one, two = ('127.0.0.1', 1, False), ('127.0.0.1', 2, False)
        assert take(5, servers) == [two, one, two, one, two]
        assert shuffled == [[one, two]]

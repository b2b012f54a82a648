import io
import os

import pytest

from cloud.glance import store
from cloud.glance.common import exception
from cloud.glance.store import base, memory


class Mute(base.Store):
    """Can do nothing."""

    schemes = ('mute',)
    location_class = memory.StoreLocation


class Schemeless(base.Store):
    """Is in charge of nothing."""


class Chatty(memory.Store):
    """Answers metadata that cannot be kept."""

    schemes = ('memory',)
    metadata = {'when': {'at': 5}}

    def add(self, image_id, data, size):
        return *super().add(image_id, data, size)[:3], self.metadata


class InUse(memory.Store):
    def delete(self, location):
        raise exception.InUseByStore()


class TestStart:
    def test_every_store_is_known_by_name_and_by_scheme(self, store_api):
        assert set(store_api.registered_stores) == {'filesystem', 'http', 'memory'}
        assert set(store_api.scheme_map) == {'file', 'filesystem', 'http', 'https', 'memory'}
        assert store_api.scheme_map['file'] is store_api.registered_stores['filesystem']

    def test_a_store_with_bad_options_is_left_out(self, options, caplog):
        options.filesystem_store_datadir = None
        assert set(store.create_stores(options).registered_stores) == {'http', 'memory'}
        assert 'filesystem.Store is left out' in caplog.text

    def test_the_first_store_of_a_scheme_stays_in_charge(self, store_api, options):
        first = store_api.scheme_map['memory']
        store_api.register(memory.Store(options))
        assert store_api.scheme_map['memory'] is store_api.registered_stores['memory'] is first

    @pytest.mark.parametrize(
        'path', ['nonsense', 'no.such.Store', 'cloud.glance.store.http.Stor', 'io.BytesIO', 'os.path', '', '.', 'a..b']
    )
    def test_a_class_that_there_is_not_is_one_line_with_the_options_name(self, options, path):
        options.known_stores = [path]
        with pytest.raises(ValueError, match=f'^known_stores = {path}: there is no such class of a store$'):
            store.create_stores(options)

    def test_a_store_in_charge_of_no_scheme_is_refused(self, options):
        options.known_stores = [f'{__name__}.Schemeless']
        with pytest.raises(ValueError, match='in charge of no scheme'):
            store.create_stores(options)

    @pytest.mark.parametrize('name', ['file', 'filesystem', 'memory', 'http'])
    def test_a_default_store_goes_by_scheme_or_name(self, options, name):
        options.default_store = name
        store.verify_default_store(store.create_stores(options))

    def test_a_default_store_that_there_is_not_is_one_line_with_the_options_name(self, options):
        options.default_store = 'swift'
        with pytest.raises(ValueError) as caught:
            store.verify_default_store(store.create_stores(options))
        assert str(caught.value) == (
            'default_store = swift: there is no such store, only file, filesystem, http, https, memory'
        )


class TestLocationsOfClients:
    @pytest.mark.parametrize('uri', ['http://h/p', 'https://me:secret@h/p?q'])
    def test_a_web_server_may_be_named(self, store_api, uri):
        store_api.check_location_scheme(uri)

    @pytest.mark.parametrize(
        'uri',
        ['file:///etc/passwd', 'filesystem:///etc/passwd', 'FILE:///etc/passwd', 'memory://x', 'swift://x', '/x', '',
         'http', 'http:', 'http://', 'swift+config://x', ' http://h/', 'http://h/\n'],
    )  # fmt: skip
    def test_nothing_else_may(self, store_api, uri):
        with pytest.raises(exception.BadStoreUri):
            store_api.check_location_scheme(uri)


@pytest.mark.parametrize('default', ['file', 'memory'])
class TestBytes:
    def test_they_come_back_from_any_offset_on(self, store_api, default):
        uri, written, checksum, metadata = store_api.add_to_backend(None, default, 'x', io.BytesIO(b'abcdef'), 6)
        assert (written, metadata, store_api.get_size_from_backend(None, uri)) == (6, {}, 6)
        for offset, rest in ((0, b'abcdef'), (4, b'ef'), (6, b''), (10, b'')):
            data, size = store_api.get_from_backend(None, uri, offset)
            assert (b''.join(data), size) == (rest, 6)

    def test_they_are_gone_when_deleted(self, store_api, default, caplog):
        uri = store_api.add_to_backend(None, default, 'x', io.BytesIO(b'a'), 1)[0]
        store_api.delete_from_backend(None, uri)
        for act in (store_api.get_from_backend, store_api.get_size_from_backend, store_api.delete_from_backend):
            with pytest.raises(exception.NotFound):
                act(None, uri)
        store_api.safe_delete_from_backend(None, uri, 'x')
        assert 'The bytes of image x are not deleted' in caplog.text


def test_of_a_store_that_cannot_seek_the_first_bytes_are_dropped(store_api, web):
    web.answers['/x'] = (200, {}, bytes(range(256)) * 1000)
    data, size = store_api.get_from_backend(None, web.url('/x'), 100001)
    assert (b''.join(data), size) == ((bytes(range(256)) * 1000)[100001:], 256000)
    data, size = store_api.get_from_backend(None, web.url('/x'), 300000)
    assert b''.join(data) == b''


def test_a_scheme_that_no_store_is_in_charge_of_is_unknown(store_api):
    for act in (store_api.get_from_backend, store_api.get_size_from_backend, store_api.delete_from_backend):
        with pytest.raises(exception.UnknownScheme):
            act(None, 'swift://x')
    with pytest.raises(exception.UnknownScheme):
        store_api.add_to_backend(None, 'swift', 'x', io.BytesIO(), 0)
    store_api.safe_delete_from_backend(None, 'swift://x', 'x')
    store_api.set_acls(None, 'swift://x')


def test_what_a_store_cannot_do_has_an_error_of_its_own(options):
    options.known_stores = [f'{__name__}.Mute']
    store_api = store.create_stores(options)
    store_api.scheme_map['memory'] = store_api.scheme_map['mute']
    with pytest.raises(exception.StoreGetNotSupported):
        store_api.get_from_backend(None, 'memory://x')
    with pytest.raises(exception.StoreGetNotSupported):
        store_api.get_size_from_backend(None, 'memory://x')
    with pytest.raises(exception.StoreAddNotSupported):
        store_api.add_to_backend(None, 'mute', 'x', io.BytesIO(), 0)
    with pytest.raises(exception.StoreDeleteNotSupported):
        store_api.delete_from_backend(None, 'memory://x')
    store_api.safe_delete_from_backend(None, 'memory://x', 'x')
    store_api.set_acls(None, 'memory://x', public=True)


def test_acls_reach_a_store_that_keeps_them(store_api):
    uri = store_api.add_to_backend(None, 'memory', 'x', io.BytesIO(), 0)[0]
    store_api.set_acls(None, uri, public=False, read_tenants=['beta'])
    assert store_api.registered_stores['memory'].acls[uri] == {'public': False, 'read_tenants': ['beta']}


def test_what_is_in_use_is_not_deleted_quietly(options):
    options.known_stores = [f'{__name__}.InUse']
    with pytest.raises(exception.InUseByStore):
        store.create_stores(options).safe_delete_from_backend(None, 'memory://x', 'x')


@pytest.mark.parametrize('metadata', [{'when': {'at': 5}}, {'a': [None]}, {5: 'x'}, [], None, 'x'])
def test_metadata_of_another_type_than_dicts_lists_and_text_is_refused_and_nothing_kept(options, metadata, monkeypatch):
    options.known_stores = [f'{__name__}.Chatty']
    store_api = store.create_stores(options)
    monkeypatch.setattr(Chatty, 'metadata', metadata)
    with pytest.raises(exception.GlanceException):
        store_api.add_to_backend(None, 'memory', 'x', io.BytesIO(b'x'), 1)
    assert store_api.scheme_map['memory'].images == {}


def test_metadata_of_dicts_lists_and_text_is_passed_on(options, monkeypatch):
    options.known_stores = [f'{__name__}.Chatty']
    monkeypatch.setattr(Chatty, 'metadata', {'a': ['b', {'c': 'd'}]})
    added = store.create_stores(options).add_to_backend(None, 'memory', 'x', io.BytesIO(b'x'), 1)
    assert added[3] == Chatty.metadata


def test_leftovers_of_dead_processes_go_from_every_store(store_api, tmp_path):
    for image_id in ('a', 'b', 'c'):
        store_api.add_to_backend(None, 'file', image_id, io.BytesIO(b'x'), 1)
    store_api.delete_leftovers(lambda ids: [each for each in ids if each in ('a', 'c', 'none')])
    assert os.listdir(tmp_path / 'images') == ['b']
    assert list((tmp_path / 'images').iterdir()) == [tmp_path / 'images' / 'b']


def test_nothing_of_another_image_is_opened_or_deleted(store_api, caplog):
    url, *_ = store_api.add_to_backend(None, 'file', 'mine', io.BytesIO(b'x'), 1)
    with pytest.raises(exception.NotFound):
        store_api.get_from_backend(None, url, image_id='yours')
    store_api.safe_delete_from_backend(None, url, 'yours')
    assert store_api.get_size_from_backend(None, url) == 1
    assert 'belongs to another image' in caplog.text
    store_api.safe_delete_from_backend(None, url, 'mine')
    with pytest.raises(exception.NotFound):
        store_api.get_size_from_backend(None, url)

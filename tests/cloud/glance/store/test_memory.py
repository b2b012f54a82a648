import hashlib
import io
from types import SimpleNamespace

import pytest

from cloud.glance.common import exception
from cloud.glance.store import memory
from cloud.glance.store.location import Location


@pytest.fixture
def store():
    return memory.Store(SimpleNamespace())


def at(uri):
    return Location('memory', memory.StoreLocation, uri)


def test_the_bytes_come_back_in_chunks_with_their_size_and_md5(store):
    data = b'ab' * 50000
    uri, written, checksum, metadata = store.add('x', io.BytesIO(data), None)
    assert (uri, written, checksum, metadata) == ('memory://x', 100000, hashlib.md5(data).hexdigest(), {})
    chunks, size = store.get(at(uri))
    assert ([len(chunk) for chunk in chunks], size, store.get_size(at(uri))) == ([65536, 34464], 100000, 100000)


def test_what_is_there_already_is_a_duplicate(store):
    store.add('x', io.BytesIO(b'first'), 5)
    with pytest.raises(exception.Duplicate):
        store.add('x', io.BytesIO(b'second'), 6)
    assert store.images == {'x': b'first'}


def test_it_shows_the_acls_that_it_was_given_until_the_image_goes(store):
    location = at(store.add('x', io.BytesIO(b''), 0)[0])
    store.set_acls(location, read_tenants=('beta', 'gamma'))
    assert store.acls == {'memory://x': {'public': False, 'read_tenants': ['beta', 'gamma']}}
    store.set_acls(location, public=True)
    assert store.acls == {'memory://x': {'public': True, 'read_tenants': []}}
    store.delete(location)
    assert (store.acls, store.images) == ({}, {})


def test_what_is_not_there_is_not_found(store):
    for act in (store.get, store.get_size, store.delete):
        with pytest.raises(exception.NotFound):
            act(at('memory://x'))


@pytest.mark.parametrize('uri', ['memory://', 'memory:x', 'file://x', ''])
def test_another_location_is_refused(uri):
    with pytest.raises(exception.BadStoreUri):
        at(uri)

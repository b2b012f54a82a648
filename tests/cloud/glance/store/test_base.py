import io

import pytest

from cloud.glance.common import exception
from cloud.glance.store import base


def test_a_store_cannot_do_what_it_does_not_override():
    store = base.Store(None)
    for act in (
        lambda: store.get(None),
        lambda: store.get_size(None),
        lambda: store.add('x', None, 0),
        lambda: store.delete(None),
        lambda: store.set_acls(None),
    ):
        with pytest.raises(NotImplementedError):
            act()
    assert store.get_schemes() == ()
    store.delete_leftovers('x')


def test_a_store_that_is_not_configured_for_adding_is_read_only():
    class Store(base.Store):
        def configure_add(self):
            raise exception.BadStoreConfiguration('no folder')

        def add(self, image_id, data, size):
            raise AssertionError

    with pytest.raises(exception.StoreAddDisabled):
        Store(None).add('x', None, 0)


def test_chunks_end_where_the_data_do():
    assert [len(chunk) for chunk in base.chunks(io.BytesIO(b'x' * 65537))] == [65536, 1]
    assert list(base.chunks(io.BytesIO())) == []

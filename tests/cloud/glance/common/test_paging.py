"""Pages that end early."""

import pytest

from cloud.glance.common import paging


class Shelf:
    """Images that are numbers, and as large as `size_of` says; asked: the limits and markers that came."""

    def __init__(self, count):
        self.images, self.asked = list(range(1, count + 1)), []

    def list_some(self, limit, marker):
        self.asked.append((limit, marker))
        return self.images[marker or 0 :][:limit]

    def read(self, limit, size, marker=None, least=1):
        return paging.read_page(self.list_some, limit, marker, lambda image: size, least)


@pytest.mark.parametrize(
    ('limit', 'found', 'is_full'), [(0, 0, False), (1, 1, True), (30, 30, True), (60, 60, True), (61, 60, False)]
)
def test_a_page_of_small_images_has_as_many_as_were_asked_for(limit, found, is_full):
    images, full = Shelf(60).read(limit, 1)
    assert (len(images), full) == (found, is_full)


def test_a_page_of_large_images_ends_and_says_that_there_is_more():
    shelf = Shelf(60)
    assert shelf.read(60, paging.ENOUGH // 32) == (shelf.images[:32], True)
    assert shelf.read(60, paging.ENOUGH // 32, marker=32) == (shelf.images[32:], False)
    assert shelf.read(60, paging.ENOUGH) == ([1], True)


def test_a_least_number_of_images_is_there_however_large():
    assert Shelf(60).read(60, paging.ENOUGH, least=20) == (list(range(1, 21)), True)


def test_the_size_is_that_of_the_answer():
    assert paging.size_in_json({'a': 'bc', 'd': None, 'e': '\u00fc'}) == 11


def test_an_empty_list_is_asked_for_once_so_that_a_wrong_marker_is_found():
    shelf = Shelf(0)
    assert shelf.read(0, 1, marker=7) == ([], False)
    assert shelf.asked == [(0, 7)]

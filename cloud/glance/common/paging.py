"""A page of a list that ends early when it gets too large, so that eight readers of it do not fill the memory.

It is read in stretches, and what is enough is counted behind each. With image_properties_size_cap as it is by default,
a page of 50 images never ends early. That matters to clients of API v1, which has no `next`: glanceclient takes a page
that is shorter than it asked for (20, by default) for the last one. Whoever goes on behind the last id sees all.
Use: images, is_full = read_page(list_some, limit, marker, size_of, id_of)
Real: none; 2014.2 reads, and writes, whatever fits on a page of api_limit_max images
"""

STRETCH = 25
ENOUGH = 4 * 2**20  # characters of properties on a page


def read_page(list_some, limit, marker, size_of, id_of):
    """(images, whether there may be more behind the last one). limit: a number, the most there may be.

    list_some(limit=..., marker=...) gives a list; size_of: an image's size in characters; id_of: its id, the marker.
    """
    found, size = [], 0
    while True:
        wanted = min(STRETCH, limit - len(found))
        some = list_some(limit=wanted, marker=marker)
        found += some
        size += sum(map(size_of, some))
        if len(some) < wanted or not some:
            return found, False
        if len(found) == limit or size >= ENOUGH:
            return found, True
        marker = id_of(some[-1])


def size_of(properties):
    """The characters of properties, {name: text or None}."""
    return sum(len(name) + len(value or '') for name, value in properties.items())

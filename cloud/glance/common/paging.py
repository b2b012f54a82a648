"""A page of a list that ends early when it gets too large, so that eight readers of it do not fill the memory.

It is read in stretches, so that not all of it is in memory before it is found to be too large. The first one is short;
as long as the images are small, the next ones are longer, for each costs some statements of its own.
In API v1, which has no `next`, a page of up to STRETCH images never ends early: its clients take a page that is shorter
than they asked for (glanceclient: 20 images) for the last one. Whoever goes on behind the last id sees all.
Use: images, is_full = read_page(list_some, limit, marker, size_of, id_of)
Real: none; 2014.2 reads, and writes, whatever fits on a page of api_limit_max images
"""

STRETCH = 25  # images read at once, to begin with
LONGEST = 100  # and at most
ENOUGH = 4 * 2**20  # bytes of properties on a page


def read_page(list_some, limit, marker, size_of, id_of, least=1):
    """(images, whether there may be more behind the last one). limit: a number, the most there may be.

    list_some(limit=..., marker=...) gives a list; size_of: an image's size in bytes; id_of: its id, the marker.
    least: so many images there are in any case.
    """
    found, size, stretch = [], 0, STRETCH
    while True:
        wanted = min(stretch, limit - len(found))
        some = list_some(limit=wanted, marker=marker)
        for image in some:
            found.append(image)
            size += size_of(image)
            if size >= ENOUGH and len(found) >= least:
                return found, True
        if len(some) < wanted or not some:
            return found, False
        if len(found) == limit:
            return found, True
        marker = id_of(some[-1])
        if size < ENOUGH // 8:
            stretch = min(2 * stretch, LONGEST)


def size_in_json(properties):
    """About how many bytes properties, {name: text or None}, have in JSON, where \u00fc takes six of them."""
    texts = [*properties, *filter(None, properties.values())]
    return sum(len(text) if text.isascii() else 6 * len(text) for text in texts)


def characters(properties):
    """How many characters properties, {name: text or None}, have, as the database counts them, too."""
    return sum(len(name) + len(value or '') for name, value in properties.items())

"""A page of a list that ends early when it gets too large, so that eight readers of it do not fill the memory.

The database is asked for the whole page, and told how much is enough: before it reads the properties of more than
STRETCH images it looks how long they are (at_most, of Database.image_get_all). What it gives is measured once more, as
it will be in the answer.
In API v1, which has no `next`, a page of up to STRETCH images never ends early: its clients take a page that is shorter
than they asked for (glanceclient: 20 images) for the last one. Whoever goes on behind the last id sees all.
Use: images, is_full = read_page(list_some, limit, marker, size_of, id_of)
Real: none; 2014.2 reads, and writes, whatever fits on a page of api_limit_max images
"""

STRETCH = 25  # images whose properties are read in any case
ENOUGH = 4 * 2**20  # bytes of properties on a page


def read_page(list_some, limit, marker, size_of, least=1):
    """(images, whether there may be more behind the last one). limit: a number, the most there may be.

    list_some(limit=..., marker=...) gives a list, which may end where its images are ENOUGH; size_of: an image's size
    in bytes. least: so many images there are in any case.
    """
    found, size = [], 0
    for image in list_some(limit=limit, marker=marker):
        found.append(image)
        size += size_of(image)
        if size >= ENOUGH and len(found) >= least:
            return found, True
    return found, 0 < limit == len(found)


def size_in_json(properties):
    """About how many bytes properties, {name: text or None}, have in JSON, where \u00fc takes six of them."""
    texts = [*properties, *filter(None, properties.values())]
    return sum(len(text) if text.isascii() else 6 * len(text) for text in texts)


def characters(properties):
    """How many characters properties, {name: text or None}, have, as the database counts them, too."""
    return sum(len(name) + len(value or '') for name, value in properties.items())

"""The addresses of the image services: those that the ini names, and the one in an image's URL.

Use: api_servers = get_api_servers(options); host, port, use_ssl = next(api_servers)
Real: nova 2013-04 (c8067d1b70) nova/image/glance.py get_api_servers, _parse_image_ref; all of nova's image service
    is in that one file there. A wrong address fails there at the first call, here at the start.
"""

import contextlib
import itertools
import random
from urllib.parse import urlsplit

from cloud.nova import exception


def get_api_servers(options):
    """(host, port, use_ssl) of each server in glance_api_servers, shuffled once, then repeated for ever."""
    api_servers = [read_api_server(text) for text in options.glance_api_servers]
    random.shuffle(api_servers)
    return itertools.cycle(api_servers)


def read_api_server(text):
    """('127.0.0.1', 9292, False) for 127.0.0.1:9292, or for the same with http:// in front; 80 is the default port.

    ValueError for anything else.
    """
    with contextlib.suppress(ValueError):
        url = urlsplit(text if '//' in text else f'http://{text}')
        if url.hostname and url.scheme in ('http', 'https'):
            return url.hostname, url.port or 80, url.scheme == 'https'
    raise ValueError(f'glance_api_servers = {text}: give HOST:PORT, or a URL that begins with http:// or https://')


def address(host, port, use_ssl=False):
    return f'[{host}]:{port}' if ':' in host else f'{host}:{port}'


def parse_image_ref(image_href):
    """(id, host, port, use_ssl) of a URL."""
    with contextlib.suppress(ValueError):
        url = urlsplit(image_href)
        image_id = url.path.rpartition('/')[2]
        if url.hostname and image_id:
            return image_id, url.hostname, url.port or 80, url.scheme == 'https'
    raise exception.InvalidImageRef(image_href=image_href)

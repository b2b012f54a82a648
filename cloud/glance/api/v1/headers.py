"""An image's metadata as HTTP headers: how API v1 says everything that is not the bytes themselves.

    x-image-meta-name: cirros                  <->  {'name': 'cirros',
    x-image-meta-min_ram: 512                        'min_ram': 512,
    x-image-meta-property-os_distro: debian          'properties': {'os_distro': 'debian'}}

A header's value is UTF-8 (see cloud/oslo/utils/encodeutils.py), and means what it says: "50%25" is that, and a URL with
%20 in it has a %20. One client is different, and says who it is: python-glanceclient (User-Agent), by which nova and
`glance` work. It writes each character but letters, digits and _.-~/: as %XX, a percent sign as %25. Of that client,
and no other, this is undone: once, and only in a value that it can have written, without any other character.
(Its versions before 2018 have the same name, and wrote values as they are. Of theirs, "50%25" is read as "50%".)
Names of properties are written as %XX by every client, where they have characters that no header's name can have.

Use: image_meta = read_image_meta(req); write_image_meta(response, record)
Real: glance 2014.2 glance/common/utils.py get_image_meta_from_headers, image_meta_to_http_headers; it stores what
    today's clients send as it comes, percent signs and all
"""

import re
from urllib.parse import quote, unquote

from webob.exc import HTTPBadRequest

from cloud.glance.common import wsgi
from cloud.glance.domain import LARGEST
from cloud.oslo.utils.encodeutils import header_text, text_header
from cloud.oslo.utils.strutils import DIGITS, bool_from_string, is_whole_number, whole_number

META, PROPERTY = 'x-image-meta-', 'x-image-meta-property-'
NUMBERS = {'size': 10**18 - 1, 'min_disk': LARGEST, 'min_ram': LARGEST, 'virtual_size': 10**18 - 1}
BOOLEANS = ('is_public', 'protected', 'deleted')
LONGEST = {'name': 255, 'owner': 255, 'checksum': 32}  # characters
# All that a client may send; those in SERVICE are ignored, since only the service sets them.
FIELDS = ('id', 'name', 'owner', 'disk_format', 'container_format', 'checksum', 'status', 'store', 'location',
          'copy_from', 'uri', 'created_at', 'updated_at', 'deleted_at', *NUMBERS, *BOOLEANS)  # fmt: skip
SERVICE = ('uri', 'created_at', 'updated_at', 'deleted_at', 'deleted', 'virtual_size')
# What a client is shown of a record, in this order: never where the bytes are.
SHOWN = ('id', 'name', 'status', 'is_public', 'owner', 'disk_format', 'container_format', 'size', 'virtual_size',
         'checksum', 'min_disk', 'min_ram', 'protected', 'created_at', 'updated_at', 'deleted_at',
         'deleted')  # fmt: skip
# Fields of which None is no value: where a client sends that, it has none. A name or an owner may be called so.
NEVER_NONE = ('id', 'disk_format', 'container_format', 'checksum', 'status', 'store', 'location', 'copy_from', *NUMBERS)
QUOTING_CLIENT = 'python-glanceclient'
QUOTED = re.compile('([0-9A-Za-z_.~/:-]|%[0-9A-Fa-f]{2})*')
TOKEN = "!#$&'*+^`|"  # what HTTP allows in a header's name, beside what quote() leaves alone anyway


def read_image_meta(req):
    """The fields by name, typed, and `properties` (a dict of text). HTTPBadRequest says which header is wrong.

    An empty value is None. Fields that only the service sets are left out: clients send back what they were shown.
    Clients in Python write None for what they have no value of: of a boolean that is false, as in the real one; other
    fields are then as if they were not sent (the real one refuses them).
    """
    image_meta, properties = {}, {}
    for header, value in req.headers.items():
        header = header.lower()
        if header.startswith(PROPERTY):
            properties[read_property_name(header)] = read_text(req, header, value)
        elif header.startswith(META):
            name = header.removeprefix(META).replace('-', '_')
            if name not in FIELDS:
                raise HTTPBadRequest(f'Bad header: {header[:60]} names no field of an image.')
            text = read_text(req, header, value)
            if name not in SERVICE and not (name in NEVER_NONE and is_none(text)):
                image_meta[name] = read_field(name, text)
    return {**image_meta, 'properties': properties}


def read_property_name(header):
    name = unquote(header.removeprefix(PROPERTY)).lower().replace('-', '_').strip()
    # U+FFFD is what is left where the bytes were not UTF-8.
    if not 1 <= len(name) <= 255 or wsgi.UNPRINTABLE.search(name) or '\ufffd' in name:
        raise HTTPBadRequest(f'Bad header: {header[:60]} has no name of a property: use 1 to 255 letters.')
    return name


def read_text(req, header, value):
    """The value of the request's header as text."""
    try:
        text = header_text(value)
    except UnicodeError:
        raise HTTPBadRequest(f'Bad header: {header[:60]} is not UTF-8.') from None
    if QUOTING_CLIENT in (req.user_agent or ''):
        text = decode(text)
    if wsgi.UNPRINTABLE.search(text):
        raise HTTPBadRequest(f'Bad header: {header[:60]} has control characters: send plain text.')
    return text


def decode(text):
    """What today's python-glanceclient means by the text; as it is, if an older one must have sent it."""
    try:
        return unquote(text, errors='strict') if QUOTED.fullmatch(text) else text
    except UnicodeDecodeError:
        return text


def read_field(name, text):
    if name in NUMBERS:
        return read_number(name, text)
    if name in BOOLEANS:
        return read_boolean(name, text)
    if len(text) > LONGEST.get(name, len(text)):
        raise HTTPBadRequest(f'Image {name} too long: it has {len(text)} characters, send at most {LONGEST[name]}.')
    if name == 'checksum' and not wsgi.CHECKSUM.fullmatch(text):
        raise HTTPBadRequest('The checksum has other characters than letters and digits: send MD5 in hex.')
    return text or None


def read_number(name, text):
    if not is_whole_number(text, DIGITS) or whole_number(text) > NUMBERS[name]:
        raise HTTPBadRequest(f'{name} is not a whole number from 0 to {NUMBERS[name]}.')
    return whole_number(text)


def is_none(text):
    """Whether that is how a client in Python says that it has no value."""
    return text.lower() == 'none'


def read_boolean(name, text):
    try:
        return not is_none(text) and bool_from_string(text)
    except ValueError:
        raise HTTPBadRequest(f'{name} is neither true nor false.') from None


def write_image_meta(response, record):
    """Add the record's fields and properties to the response's headers; what is not known (None) is left out."""
    for name in SHOWN:
        write(response, META + name, record.get(name))
    # Of names that differ in capitals only, the one without them is shown.
    for name, value in sorted(record['properties'].items(), key=lambda item: item[0] == item[0].lower()):
        # A name that cannot stand in a header (API v2 takes any) is spelled the way clients spell it.
        write(response, PROPERTY + quote(name.lower(), TOKEN), value)


def write(response, header, value):
    if value is not None:
        text = wsgi.UNPRINTABLE.sub(' ', str(value))
        response.headers[header] = text_header(text)

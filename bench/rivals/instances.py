"""What the rivals have in common: the instances in memory, and the rules for what a client may send."""

import hmac
import re
import threading
import uuid
from itertools import islice

TOKEN = b'open-sesame'  # as in configure.ini
MAX_BODY = 114688
MAX_LIMIT = 1000
FAULTS = {400: 'badRequest', 403: 'forbidden', 404: 'itemNotFound', 405: 'badMethod', 413: 'overLimit'}


class Refused(Exception):
    """The request gets an error with this code and message."""

    def __init__(self, code, message):
        self.code, self.message = code, message


def fault(code, message):
    return {FAULTS.get(code, 'computeFault'): {'code': code, 'message': message}}


def check_token(sent):
    """sent: the X-Auth-Token header's value, or None."""
    if sent is None or not hmac.compare_digest(sent.encode('latin-1', 'replace'), TOKEN):
        raise Refused(403, 'Send the right X-Auth-Token.')


class Instances:
    """A dict from id to instance in the order of creation, seeded with three."""

    def __init__(self):
        self.instances = {}
        self.lock = threading.Lock()
        for number in range(3):
            self.add(f'inst-{number}')

    def add(self, name):
        instance = {'id': str(uuid.uuid4()), 'name': name}
        with self.lock:
            self.instances[instance['id']] = instance
        return instance

    def find(self, instance_id):
        try:
            return self.instances[instance_id]
        except KeyError:
            raise Refused(404, f'There is no instance {instance_id}.') from None

    def rename(self, instance_id, name):
        instance = self.find(instance_id)
        instance['name'] = name
        return instance

    def delete(self, instance_id):
        with self.lock:
            self.find(instance_id)
            del self.instances[instance_id]

    def page(self, limit=None, marker=None):
        """(the page's instances, the marker of the next page or None). limit, marker: as in the query, or None."""
        limit = read_limit(limit)
        with self.lock:
            if marker is not None and marker not in self.instances:
                raise Refused(400, f'There is no instance {marker} to go on after.')
            start = 0 if marker is None else list(self.instances).index(marker) + 1
            found = list(islice(self.instances.values(), start, start + limit + 1))
        return found[:limit], found[limit - 1]['id'] if len(found) > limit else None


def page_document(instances, next_href):
    page = {'instances': instances}
    if next_href:
        page['instances_links'] = [{'rel': 'next', 'href': next_href}]
    return page


def read_limit(text):
    if text is None:
        return MAX_LIMIT
    if not re.fullmatch('0*[1-9][0-9]{0,9}', text):
        raise Refused(400, f'limit={text} is not a number of at least 1.')
    return min(int(text), MAX_LIMIT)


def read_name(fields):
    """The name in a form's fields or in a JSON document, trimmed."""
    if isinstance(fields, dict):
        fields = fields.get('instance', fields)
    name = fields.get('name') if hasattr(fields, 'get') else None
    if not isinstance(name, str):
        raise Refused(400, "The field 'name' is missing or not text.")
    name = name.strip()
    if not 1 <= len(name) <= 255 or re.search('[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd]', name):
        raise Refused(400, "The field 'name' must have 1 to 255 characters, none of them a control character.")
    return name

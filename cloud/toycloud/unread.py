"""What clients send and nobody reads: query words, fields of bodies, headers.

A client that misspells a word is rarely told: the service answers as if it had said nothing. Here the words are handed
over in mappings that write down which of them were asked for. What was checked by a schema counts as unread still: that
somebody looked whether it is allowed does not mean that somebody heeds it.
Whoever only goes through all words of a query has read none; of a body, all.
Use: recorder = environ[RECORDER] = Recorder(environ, headers); where the service has checked what was sent,
     body = recorder.watch(req, 'POST /servers', body); when the answer is there, unread.add(recorder, status)
Real: none
Left out: fields deeper than three; whether what was read was heeded. A header counts as read if the service knows it.
"""

import threading

import simplejson
from webob.request import GetDict

RECORDER = 'toycloud.recorder'  # key of the environ
MOST = 1000  # different things that are kept
LONGEST = 200
DEEPEST = 3
# What is for those between client and service, or for people: that no service reads it says nothing.
USUAL = {'HTTP_HOST', 'HTTP_USER_AGENT', 'HTTP_ACCEPT', 'HTTP_ACCEPT_ENCODING', 'HTTP_CONNECTION', 'HTTP_X_AUTH_TOKEN',
         'HTTP_ACCEPT_LANGUAGE', 'HTTP_X_OPENSTACK_REQUEST_ID', 'HTTP_X_FORWARDED_FOR'}  # fmt: skip


class Hearing:
    """A part of mappings: which of the names have been asked for. heard: a set of them."""

    def __getitem__(self, name):
        self.heard.add(name)
        return super().__getitem__(name)

    def __contains__(self, name):
        self.heard.add(name)
        return super().__contains__(name)


class Heard(Hearing, dict):
    """A dict that knows which of its keys somebody has asked for. Whoever goes through all of it has seen all."""

    def __init__(self, values, depth=DEEPEST):
        super().__init__({name: listening(value, depth - 1) for name, value in values.items()})
        self.heard = set()

    def get(self, name, default=None):
        self.heard.add(name)
        return super().get(name, default)

    def pop(self, name, *default):
        self.heard.add(name)
        return super().pop(name, *default)

    def __iter__(self):
        self.heard.update(super().keys())
        return super().__iter__()

    def keys(self):
        self.heard.update(super().keys())
        return super().keys()

    def items(self):
        self.heard.update(super().keys())
        return super().items()

    def values(self):
        self.heard.update(super().keys())
        return super().values()

    def unheard(self, path=''):
        """The names of what nobody asked for, with a dot between a field and its part."""
        for name, value in dict.items(self):
            if name not in self.heard:
                yield path + str(name)
            else:
                yield from unheard_in(value, f'{path}{name}.')


def listening(value, depth):
    if depth <= 0:
        return value
    if isinstance(value, dict):
        return Heard(value, depth)
    return [listening(item, depth) for item in value] if isinstance(value, list) else value


def unheard_in(value, path):
    if isinstance(value, Heard):
        yield from value.unheard(path)
    elif isinstance(value, list):
        for item in value:
            yield from unheard_in(item, path)


def sent_again(req):
    """The JSON of a body that was read before, if the server lets us read it once more; else nothing."""
    stream = req.environ['wsgi.input']
    if not hasattr(stream, 'seek'):
        return {}
    stream.seek(0)
    return simplejson.loads(stream.read(req.content_length or 0) or b'{}')


def missing(sent, kept, path=''):
    """The names in what was sent that are no longer in what is kept of it."""
    if isinstance(sent, dict) and isinstance(kept, dict):
        for name, value in sent.items():
            if name not in kept:
                yield path + name
            else:
                yield from missing(value, kept[name], f'{path}{name}.')


class HeardQuery(Hearing, GetDict):
    """webob's query that knows which of its words somebody has asked for."""

    def __init__(self, query, environ):
        super().__init__(list(query.items()), environ)
        self.heard = set()

    def getall(self, name):
        self.heard.add(name)
        return super().getall(name)

    def unheard(self):
        return [name for name, _ in self.items() if name not in self.heard]


class Recorder:
    """One request. headers: what the service knows, as the environ names it."""

    def __init__(self, environ, headers):
        self.sent = {name for name in environ if name.startswith('HTTP_')} - USUAL - headers
        self.operation, self.parts = None, {}
        self.dropped = []  # names of the body that the service left out before anybody could read them

    def watch(self, req, operation, body=None, is_action=False):
        """The body again, and webob's query in the request, as mappings that tell what is read of them."""
        self.operation = operation
        if req.query_string:
            query = self.parts['query'] = HeardQuery(req.GET, req.environ)
            req.environ['webob._parsed_query_vars'] = query, req.query_string
        if not isinstance(body, dict):
            return body
        self.dropped = list(missing(sent_again(req), body))
        body = self.parts['body'] = Heard(body)
        if is_action:
            body.heard.update(dict.keys(body))  # its one name has led here
        return body

    def unread(self):
        """(kind, name) of each thing that nobody read. Nothing where the service watches nothing: nobody knows then."""
        if self.operation is not None:
            yield from (('header', name) for name in self.unread_headers())
            yield from (('body', name) for name in self.dropped)
            for kind, words in self.parts.items():
                yield from ((kind, name) for name in words.unheard())

    def unread_headers(self):
        return [name.removeprefix('HTTP_').replace('_', '-').title() for name in self.sent]


class Unread:
    """The report. What is different is counted once; of more than MOST such things, the first."""

    def __init__(self):
        self.counts, self.lock = {}, threading.Lock()

    def add(self, recorder, status):
        """status: of the answer; what was refused nobody had to read."""
        if status >= 400:
            return
        for kind, name in recorder.unread():
            key = recorder.operation[:LONGEST], kind, name[:LONGEST]
            with self.lock:
                if key in self.counts or len(self.counts) < MOST:
                    self.counts[key] = self.counts.get(key, 0) + 1

    def view(self):
        with self.lock:
            counts = dict(self.counts)
        names = ('operation', 'kind', 'name', 'count')
        return [dict(zip(names, (*key, count), strict=True)) for key, count in sorted(counts.items())]

    def clear(self):
        with self.lock:
            self.counts = {}

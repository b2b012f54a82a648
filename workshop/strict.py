"""A WSGI filter that looks at what a student's code hands out: each part of it must be of the kind that WSGI says.

Use: app = Strict(app, folder); then, as long as a request is under way, app.last is the line of a file in the folder
that returned last, as 'filter.py, line 12' ('' if there was none).
What is of another kind is a TypeError that says what to write; where the student's code calls start_response itself,
the traceback leads there.
Real: Python's wsgiref/validate.py, whose AssertionErrors are for who knows PEP 3333 by heart
"""

import os
import sys
import threading

from webob import Response

RETURNED = 'a filter or the application returned'


class Strict:
    def __init__(self, app, folder):
        self.app, self.root = app, os.path.realpath(folder) + os.sep
        self.seen, self.files = threading.local(), {}

    @property
    def last(self):
        return getattr(self.seen, 'last', '')

    def __call__(self, environ, start_response):
        self.seen.last = ''

        def checking(status, headers, exc_info=None):
            check_head(status, headers)
            return start_response(status, headers, exc_info)

        before = sys.getprofile()
        sys.setprofile(self.note)
        try:
            body = self.app(environ, checking)
            return checked(body)
        finally:
            sys.setprofile(before)

    def note(self, frame, event, value):
        if event == 'return' and (name := self.name_of(frame.f_code.co_filename)):
            self.seen.last = f'{name}, line {frame.f_lineno}'

    def name_of(self, path):
        """The file's name if it is in the folder, else ''."""
        if path not in self.files:
            inside = os.path.realpath(path).startswith(self.root)
            self.files[path] = os.path.basename(path) if inside else ''
        return self.files[path]


def check_head(status, headers):
    if not isinstance(status, str):
        raise TypeError(f'the status is {kind(status)}: it is text, such as "403 Forbidden"')
    if not status[:3].isdecimal() or status[3:4] != ' ':
        raise TypeError(f'the status is "{status}": begin with three digits and a space, as in "403 Forbidden"')
    if not isinstance(headers, list):
        raise TypeError(f'the headers are {kind(headers)}: they are a list of pairs, [("Name", "value")]')
    for pair in headers:
        if not (isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str)):
            raise TypeError(f'{shown(pair)} is among the headers: each is a pair of texts, ("Name", "value")')
        if not isinstance(pair[1], str):
            raise TypeError(f'the header {pair[0]} is {kind(pair[1])}: a header is text{as_text(pair[1])}')
        if any(letter in text for text in pair for letter in '\r\n'):
            raise TypeError(f'the header {pair[0]} has the end of a line in it: take it out')


def checked(body):
    """The body, each part of which is looked at when it comes."""
    if body is None:
        raise TypeError(f'{RETURNED} None: is there a "return" missing?')
    if isinstance(body, Response):
        raise TypeError(f'{RETURNED} a Response: a Response is called, return answer(environ, start_response)')
    if isinstance(body, (bytes, str)):
        raise TypeError(f'{RETURNED} {kind(body)}: the body is a list of bytes, [b"..."]')
    try:
        parts = iter(body)
    except TypeError:
        raise TypeError(f'{RETURNED} {kind(body)}: the body is a list of bytes, [b"..."]') from None
    return Parts(body, parts)


class Parts:
    def __init__(self, body, parts):
        self.body, self.parts = body, parts

    def __iter__(self):
        return self

    def __next__(self):
        part = next(self.parts)
        if not isinstance(part, bytes):
            raise TypeError(f'{kind(part)} is among the parts of the body: each is bytes, as in [b"..."]')
        return part

    def close(self):
        if hasattr(self.body, 'close'):
            self.body.close()


def kind(value):
    """'a list', 'an int': what the value is, for a sentence."""
    name = type(value).__name__
    return 'None' if value is None else f'{"an" if name[0] in "aeiouAEIO" else "a"} {name}'


def as_text(value):
    if isinstance(value, (list, tuple, set)):
        return ', as in ", ".join(...)'
    return '' if value is None else ', as in f"{...}"'


def as_json(value):
    """As the answer has it, where that is short enough to read."""
    return shown(value) if not isinstance(value, str) else value[:60]


def shown(value):
    try:
        text = ascii(value)
    except Exception:  # its own __repr__ is the student's
        text = kind(value)
    return text if len(text) <= 60 else f'{text[:57]}...'

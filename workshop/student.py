"""What an exercise's check sees of a student's work, and how it says what is still wrong.

Use, in check.py:
    def check(student):
        answer = student.app('configure.ini').get('/instances', TOKEN)
        if answer.status_int != 200:
            raise NotYet('GET /instances is answered ...: ...')

An error in the student's own files passes through: workshop/check.py turns it into a sentence.
"""

import contextlib
import importlib
import json
import logging
import re
import tempfile
from pathlib import Path

from paste.deploy import loadapp
from webob import Request

from cloud.oslo.service.wsgi import config_uri
from workshop import journal
from workshop.cloud import Cloud
from workshop.explain import explain, line_in, of_the_system
from workshop.files import plain_file
from workshop.strict import Strict, shown
from wsgi import FaultWrapper

TOKEN = {'X-Auth-Token': 'open-sesame'}
ALICE = {'X-Auth-Token': 'alice-token'}
BOB = {'X-Auth-Token': 'bob-token'}


class NotYet(Exception):
    """What is still wrong, as a sentence for the student."""


class Student:
    """folder: Path of the student's files; exchanges: the workshop.journal.Exchanges that reached their cloud."""

    def __init__(self, exercise, folder):
        self.exercise, self.folder = exercise, Path(folder)
        try:
            self.exchanges = journal.read(self.folder / 'requests.log')
        except OSError as error:
            raise NotYet(f'What reaches your cloud cannot be noted: {of_the_system(error)}') from None

    def read(self, name):
        """The text of a file; NotYet if it is not there."""
        try:
            with open(self.folder / name, encoding='utf-8-sig', opener=plain_file) as file:
                return file.read()
        except FileNotFoundError:
            raise NotYet(
                f'The file {name} is gone: "python -m workshop reset {self.exercise.name}" lays it out again.'
            ) from None
        except (OSError, UnicodeDecodeError):
            raise NotYet(f'The file {name} cannot be read: save it as plain text in UTF-8.') from None

    def load(self, module):
        """The student's module of that name (without .py)."""
        self.read(f'{module}.py')
        return importlib.import_module(module)

    def app(self, ini='configure.ini', name='main'):
        """A Client of the application or pipeline of that name, in this process."""
        self.read(ini)
        return Client(self.folder, ini, name)

    @contextlib.contextmanager
    def cloud(self, services=None):
        """A private Cloud with the exercise's services, or those given, while the `with` lasts."""
        with tempfile.TemporaryDirectory() as run, Cloud(services or self.exercise.services, self.folder, run) as cloud:
            yield cloud

    def settings(self, name):
        """{key: value} of the lines "key = value" of a small file; spaces, quotes, comments are left out."""
        lines = [line.partition('=') for line in self.read(name).splitlines() if line.lstrip()[:1] not in (';', '#')]
        return {key.strip(): re.split(' [;#]', value)[0].strip(' \t"\'') for key, equals, value in lines if equals}


class Client:
    """Sends requests to an ini's application, with nothing of the server around it.

    What goes wrong in the student's files on the way is a NotYet.
    """

    def __init__(self, folder, ini, name):
        self.folder = folder
        try:
            self.strict = Strict(loadapp(config_uri(folder / ini), name), folder)
        except Exception as error:
            raise NotYet(explain(error, folder, ini)) from None
        self.app = FaultWrapper(self.strict)

    def get(self, path, headers=None):
        return self.request('GET', path, headers)

    def request(self, method, path, headers=None, body=None):
        """A webob.Response. body: text (sent as a form), a dict (as JSON) or None."""
        req = Request.blank(path, method=method, headers=headers or {})
        if isinstance(body, dict):
            req.content_type, req.body = 'application/json', json.dumps(body).encode()
        elif body is not None:
            req.content_type = req.content_type or 'application/x-www-form-urlencoded'
            req.body = body.encode()
        with failures() as raised:
            answer = req.get_response(self.app)
        if answer.status_int == 500 and raised:
            raise NotYet(f'{method} {path} fails: {self.explain(raised[0])}')
        try:
            len(answer.body)  # which may be made only now
        except Exception as error:
            raise NotYet(f'{method} {path} fails: {self.explain(error)}') from None
        return answer

    def explain(self, error):
        """Where no line of the student's is in the traceback, the one that has returned last is the one to look at."""
        what = explain(error, self.folder)
        if line_in(error, self.folder) or not self.strict.last:
            return what
        return f'{self.strict.last}: {what}'


def instances_in(answer):
    """The list of instances that the answer shows: dicts with an id; NotYet if it shows none."""
    found = document_of(answer).get('instances')
    sound = isinstance(found, list) and all(isinstance(each, dict) and is_text(each.get('id')) for each in found)
    if not sound:
        raise NotYet(f'The list of instances is no list any more, but {shown(answer.body)}: leave it as it was.')
    return found


def instance_in(answer):
    """The one instance that the answer shows, a dict; NotYet if it shows none."""
    found = document_of(answer).get('instance')
    if not isinstance(found, dict):
        raise NotYet(f'An instance is not shown any more, but {shown(answer.body)}: leave it as it was.')
    return found


def document_of(answer):
    """The JSON object that the answer is; {} if it is none."""
    try:
        document = json.loads(answer.body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def is_text(value):
    return isinstance(value, str)


@contextlib.contextmanager
def failures():
    """A list that gets the exceptions which are logged meanwhile."""
    raised = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: raised.append(record.exc_info[1]) if record.exc_info else None
    logging.getLogger().addHandler(handler)
    try:
        yield raised
    finally:
        logging.getLogger().removeHandler(handler)

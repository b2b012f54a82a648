"""A filter sees the answer on its way out, too, by handing on a start_response of its own.

Real: nova 2014.2 nova/openstack/common/middleware/request_id.py RequestIdMiddleware
"""

import contextlib
import io
import logging
import re
import sys

from paste.deploy import loadfilter
from webob import Request

from cloud.oslo.service.wsgi import config_uri
from workshop.explain import explain, is_students
from workshop.strict import Strict
from workshop.student import TOKEN, NotYet

CHAPTER = 5
SERVICES = {'ground': 'configure.ini'}
NAME = 'X-Openstack-Request-Id'


def check(student):
    app = student.app()
    ids = [id_of(app.get('/instances', TOKEN)) for _ in range(2)]
    if ids[0] == ids[1]:
        raise NotYet(f'Two requests got the same id, {ids[0]}: make a new one inside __call__, for each request.')
    if app.get('/instances', TOKEN).status_int != 200:
        raise NotYet(
            'GET /instances with the right token is not answered 200 any more: pass status and headers on as they are.'
        )
    refused = app.get('/instances')
    if refused.status_int != 403:
        raise NotYet(
            f'A request without a token is answered {refused.status_int} instead of 403: leave auth in the pipeline.'
        )
    id_of(refused, 'A request that auth refuses gets no id: let your filter stand before auth in the pipeline.')
    check_log(app)
    check_start_response(student)


def id_of(
    answer, missing=f'The answers of your pipeline have no header {NAME} yet: add it in request_id.py, and save.'
):
    found = answer.headers.get(NAME)
    if found is None:
        raise NotYet(missing)
    if not re.fullmatch('req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', found):
        raise NotYet(f'The id is "{found}": let it be req- and a UUID, as in f"req-{{uuid.uuid4()}}".')
    return found


def check_log(app):
    with logged() as log:
        request_id = id_of(app.get('/instances', TOKEN))
    lines = [line for line in log.getvalue().splitlines() if request_id in line]
    if not lines:
        raise NotYet('Each answer has an id now, but nobody finds it in the log: log a line with id, method and path.')
    if not any('GET' in line and '/instances' in line for line in lines):
        raise NotYet(f'The log has "{lines[0]}": let the line say which request it is, by its method and its path.')


@contextlib.contextmanager
def logged():
    """A file that gets what is logged meanwhile, or printed."""
    file = io.StringIO()
    handler, logger = logging.StreamHandler(file), logging.getLogger()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        with contextlib.redirect_stdout(file):
            yield file
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def check_start_response(student):
    """An application that fails half-way says so with exc_info, and one that is old writes what it gets back."""
    seen = []

    def failing(environ, start_response):
        try:
            raise ValueError('half-way')
        except ValueError:
            try:
                seen.append(start_response('500 Internal Server Error', [], sys.exc_info()))
            except TypeError as error:
                if error.__traceback__.tb_next:
                    raise
                raise NotYet(
                    'Your start_response is called with exc_info when an application fails half-way, and cannot take '
                    'it: give it a third argument, exc_info=None.'
                ) from None
        return [b'']

    def start_response(status, headers, exc_info=None):
        seen.append(exc_info)
        return seen.append

    try:
        app = Strict(loadfilter(config_uri(student.folder / 'configure.ini'), 'request_id')(failing), student.folder)
        list(app(Request.blank('/').environ, start_response))
    except LookupError:
        return  # it has another name there, and works
    except NotYet:
        raise
    except Exception as error:
        if is_students(error, student.folder):
            raise NotYet(f'For an application that fails half-way: {explain(error, student.folder)}') from None
        raise
    if not seen or seen[0] is None:
        raise NotYet(
            'Your start_response is called with exc_info when an application fails half-way, and loses it: hand it on '
            'as the third argument.'
        )
    if seen[1] is None:
        raise NotYet(
            'Your start_response returns nothing: return what the real one returns, since an application may call that.'
        )

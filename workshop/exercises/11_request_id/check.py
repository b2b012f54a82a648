"""A filter sees the answer on its way out, too, by handing on a start_response of its own.

Real: nova 2014.2 nova/openstack/common/middleware/request_id.py RequestIdMiddleware
"""

import re

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


def id_of(
    answer, missing=f'The answers of your pipeline have no header {NAME} yet: add it in request_id.py, and save.'
):
    found = answer.headers.get(NAME)
    if found is None:
        raise NotYet(missing)
    if not isinstance(found, str):
        raise NotYet(
            f'The id is no text, but a {type(found).__name__}: a header is text, as in f"req-{{uuid.uuid4()}}".'
        )
    if not re.fullmatch('req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', found):
        raise NotYet(f'The id is "{found}": let it be req- and a UUID, as in f"req-{{uuid.uuid4()}}".')
    return found

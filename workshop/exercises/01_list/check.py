"""A request needs the header that the filter asks for.

Real: keystonemiddleware 1.2 keystonemiddleware/auth_token.py AuthProtocol asks for the same header, and answers 401.
"""

from workshop.student import NotYet

CHAPTER = 1
SERVICES = {'ground': 'configure.ini'}


def check(student):
    if not student.exchanges:
        raise NotYet('No request has reached your cloud yet: open a second terminal and type the curl command above.')
    if any(each.method == 'GET' and each.path == '/instances' and each.status == 200 for each in student.exchanges):
        return
    last = student.exchanges[-1]
    if last.status == 403 and 'x-auth-token' not in last.headers:
        raise NotYet(without_header(len(student.exchanges)))
    if last.status == 403:
        raise NotYet(f'The token "{last.headers["x-auth-token"]}" is not the one in configure.ini: 403.')
    raise NotYet(f'{last.method} {last.path} was answered {last.status}: the list is at GET /instances.')


def without_header(requests):
    if requests == 1:
        return 'Your request came without the header X-Auth-Token, and was refused: 403.'
    return (
        'Your last request came without the header X-Auth-Token, too: 403. The colon behind the name is part of it; '
        'without a colon, curl leaves the header out.'
    )

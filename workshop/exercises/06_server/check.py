"""WSGI is the seam between server and application: either may be changed, and the other does not notice.

Real: nova 2014.2 nova/wsgi.py Server hands its pipeline to eventlet's server, in code. Today's nova and glance
    run under any WSGI server, such as uWSGI.
"""

from cloud.oslo.service.wsgi import Server
from workshop.cloud import CloudError
from workshop.explain import explain
from workshop.student import TOKEN, NotYet

CHAPTER = 1
SERVICES = {'ground': 'configure.ini'}


def check(student):
    make_server(student)
    status, headers, refused = ask(student)
    name = headers.get('server', '')
    if 'waitress' in name:
        raise NotYet(f'The answers still come from "{name}": change the line "use" in [server:main], and save.')
    if 'Paste' not in name:
        raise NotYet(f'The answers come from "{name}": it is another server that the task names.')
    if (status, refused) != (200, 403):
        raise NotYet(
            f"The server is Paste's now, but the list is answered {status} with the token and {refused} without it, "
            'instead of 200 and 403: leave the other sections as they were.'
        )


def make_server(student):
    """NotYet if the ini names a server that is not to be had."""
    student.app()
    try:
        Server(student.folder / 'configure.ini', port=0).listener.close()
    except Exception as error:
        raise NotYet(
            f'{explain(error, student.folder, "configure.ini")} The line "use" is written egg:PACKAGE#NAME, as it was '
            'for waitress: the task has the package and the name.'
        ) from None


def ask(student):
    """(status, headers) of the list with the token, and the status without it, from the student's server."""
    try:
        with student.cloud() as cloud:
            status, headers, _ = cloud.request('ground', 'GET', '/instances', TOKEN)
            return status, headers, cloud.request('ground', 'GET', '/instances')[0]
    except CloudError as error:
        raise NotYet(
            f'The server does not start. {error} Each server has options of its own, so leave only "use" and "port" in '
            'its section.'
        ) from None

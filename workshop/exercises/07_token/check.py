"""Who gets in is a line of the ini, not of the code.

Real: nova 2014.2 etc/nova/api-paste.ini [filter:authtoken] holds the settings of keystone's filter likewise.
"""

from configparser import RawConfigParser

from workshop.student import TOKEN, NotYet

CHAPTER = 2
SERVICES = {'ground': 'configure.ini'}


def check(student):
    app = student.app()
    if app.get('/instances', TOKEN).status_int == 200:
        raise NotYet('The token open-sesame still gets in: change it in the section [filter:auth], and save the file.')
    if app.get('/instances').status_int == 200:
        raise NotYet(
            'Now everybody gets in, even without a token: keep auth in the pipeline, and change its token alone.'
        )
    token = written_token(student)
    if app.get('/instances', {'X-Auth-Token': token}).status_int != 200:
        raise NotYet(
            f'The token "{token}" does not get in: give [filter:auth] one of plain letters, digits and dashes.'
        )
    if ' ' in token or ';' in token or '#' in token:
        raise NotYet(f'The token is now "{token}", all of that line: put the comment on a line of its own.')


def written_token(student):
    """The token in the student's ini, as a client would send it."""
    ini = RawConfigParser(delimiters='=', comment_prefixes=('#', ';'), strict=False)
    ini.read_string(student.read('configure.ini'))
    return ini.get('filter:auth', 'token', fallback='')

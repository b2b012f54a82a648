"""A page is "so many, after this one": what is created or deleted on earlier pages shifts nothing.

Real: nova 2014.2 nova/api/openstack/common.py limited_by_marker and ViewBuilder._get_collection_links
"""

from workshop.exercises.seen import refusal
from workshop.student import NotYet

CHAPTER = 1
SERVICES = {'ground': 'configure.ini'}


def check(student):
    if not student.exchanges:
        raise NotYet('No request has reached your cloud yet: ask for the first page, /instances?limit=2.')
    last_ids = []  # of the pages so far
    for seen in student.exchanges:
        if seen.method == 'GET' and seen.status == 200 and seen.query.get('limit') == '2':
            if seen.query.get('marker') in last_ids:
                return
            last_ids += [instance['id'] for instance in seen.json['instances'][-1:]]
    raise NotYet(advice(student.exchanges[-1]))


def advice(last):
    limit, marker = last.query.get('limit'), last.query.get('marker')
    if last.status == 403:
        return 'Your last request was answered 403: send the header X-Auth-Token with the token.'
    if last.status == 400:
        return f'Your last request was answered {refusal(last)}'
    if last.path != '/instances' or last.method != 'GET':
        return f'{last.method} {last.path} is no page of the list: GET /instances?limit=2 is the first one.'
    if limit != '2':
        return (
            f'Your last request asked for {f"limit={limit}" if limit else "no limit"}: ask for limit=2, on every page.'
        )
    if marker is None:
        return 'This is the first page. For the next one, send limit=2&marker=ID, and put quotes around the address.'
    return (
        'The marker was not the last id of a page that you had asked for: take the one that stands in instances_links.'
    )

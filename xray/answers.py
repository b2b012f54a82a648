"""What the HTTP interface answers, a function a path: from the query (and the document sent) to plain data.

Use: requests(xray, {'limit': '10'}); Refusal says what is wrong
Real: none
"""

import time

from xray import again, differ, share, story
from xray import explain as explaining
from xray import playground as playing
from xray import source as sources
from xray.admittance import Refusal


def requests(xray, query):
    limit, before = query.get('limit', '200'), query.get('before')
    if not (limit.isdecimal() and limit.isascii() and len(limit) < 6):
        raise Refusal(400, f'limit={limit} is not a number: send for example limit=10.')
    found = story.with_parents(xray.store.summaries())
    if before:
        ids = [summary['id'] for summary in found]
        if before not in ids:
            raise Refusal(400, f'There is no request {before} to go on before.')
        found = found[ids.index(before) + 1 :]
    return {'requests': found[: int(limit)]}


def request(xray, query, request_id):
    if query.get('story', '0') not in ('0', ''):
        found = story.tell(xray.store, request_id)
    else:
        found = patiently(xray.store, request_id)
    if found is None:
        raise Refusal(404, f'There is no request {request_id}: GET /xray/requests lists those there are.')
    return found


def patiently(store, request_id):
    """Another process may have answered the request, and be just about to write it."""
    for pause in (0, 0.05, 0.1, 0.2, 0.4):
        time.sleep(pause)
        found = store.get(request_id)
        if found is not None:
            return found
    return None


def source(xray, query):
    line = query.get('line', '1')
    if not (line.isdecimal() and line.isascii() and len(line) < 7):
        raise Refusal(400, f'line={line} is not a number.')
    try:
        return sources.lines_around(query.get('file', ''), int(line))
    except (LookupError, OSError, ValueError) as error:
        raise Refusal(404, str(error).strip('"\'')) from None


def house(xray, query):
    return {'services': xray.store.houses()}


def explain(xray, query, request_id):
    document = request(xray, {}, request_id)
    house = explaining.house_with_others(xray.store.houses(), document['service'])
    return explaining.explain(document, house, xray.store.get)


def curl(xray, query, request_id):
    document = request(xray, {}, request_id)
    host = document['request']['headers'].get('Host', '127.0.0.1')
    return {'curl': again.as_curl(document, f'http://{host}')}


def trace(xray, query, request_id):
    document = request(xray, {'story': '1'}, request_id)
    kind = query.get('format', 'chrome')
    if kind not in ('chrome', 'otlp'):
        raise Refusal(400, f'format={kind} is not one of chrome, otlp.')
    return share.otlp(document) if kind == 'otlp' else share.chrome(document)


def diff(xray, query):
    return differ.compare(*(request(xray, {'story': '1'}, query.get(side, '')) for side in ('left', 'right')))


def export(xray, query):
    ids = query['ids'].split(',') if query.get('ids') else [each['id'] for each in xray.store.summaries()]
    if len(ids) > share.MOST_REQUESTS:
        raise Refusal(400, f'These are {len(ids)} requests: send at most {share.MOST_REQUESTS}.')
    documents = [xray.store.get(each) for each in ids]
    return share.export([each for each in documents if each is not None and each['status'] is not None])


def take_in(xray, query, sent):
    try:
        documents = share.read(sent)
    except share.NotAnExport as error:
        raise Refusal(400, str(error)) from None
    for document in reversed(documents):  # the newest is the first of the file
        xray.store.take_in(document)
    return {'imported': len(documents), 'ids': [document['id'] for document in documents]}


def replay(xray, query, sent):
    document = request(xray, {}, str(sent.get('id')))
    if is_anothers(xray, document, sent):
        return forward(xray, document, sent, 'replay')
    prepared = again.prepare(document, sent, xray.memory)
    status, request_id = again.send(xray.address, prepared)
    return {'id': request_id, 'status': status}


def playground(xray, query, sent):
    document = request(xray, {}, str(sent.get('replay')))
    if is_anothers(xray, document, sent):
        return forward(xray, document, sent, 'playground')
    return playing.play(xray, sent)


def is_anothers(xray, document, sent):
    return document['service'] != xray.service and not sent.get('forwarded')


def forward(xray, document, sent, path):
    urls = {house['name']: house.get('url') for house in xray.store.houses()}
    if not urls.get(document['service']):
        raise Refusal(409, f'This was recorded by {document["service"]}, which is not running: start it first.')
    return again.forward(urls[document['service']], path, {**sent, 'forwarded': True})

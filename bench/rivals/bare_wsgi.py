"""The API with no framework at all: a function, the environ, and the standard library."""

import json
from urllib.parse import parse_qsl, urlencode

from bench.rivals.instances import MAX_BODY, Instances, Refused, check_token, fault, page_document, read_name

STATUS = {
    200: '200 OK',
    201: '201 Created',
    204: '204 No Content',
    400: '400 Bad Request',
    403: '403 Forbidden',
    404: '404 Not Found',
    405: '405 Method Not Allowed',
    413: '413 Request Entity Too Large',
}
instances = Instances()


def app(environ, start_response):
    try:
        check_token(environ.get('HTTP_X_AUTH_TOKEN'))
        action, variables = route(environ['REQUEST_METHOD'], environ['PATH_INFO'])
        status, document, headers = action(environ, *variables)
    except Refused as refused:
        status, document, headers = refused.code, fault(refused.code, refused.message), []
    body = b'' if document is None else json.dumps(document).encode()
    headers += [('Content-Length', str(len(body))), ('Content-Type', 'application/json')] if body else []
    start_response(STATUS[status], headers)
    return [body]


def route(method, path):
    """(the action, its variables) for a method and path."""
    if path == '/instances':
        actions, variables = COLLECTION, ()
    elif path.startswith('/instances/') and '/' not in path[11:]:
        actions, variables = ITEM, (path[11:],)
    else:
        raise Refused(404, 'There is nothing at this path.')
    if method not in actions:
        raise Refused(405, f'Use one of {", ".join(actions)}.')
    return actions[method], variables


def index(environ):
    query = dict(parse_qsl(environ['QUERY_STRING']))
    page, marker = instances.page(query.get('limit'), query.get('marker'))
    href = marker and f'{url_of(environ)}?{urlencode({**query, "marker": marker})}'
    return 200, page_document(page, href), []


def create(environ):
    instance = instances.add(sent_name(environ))
    return 201, {'instance': instance}, [('Location', f'{url_of(environ)}/{instance["id"]}')]


def show(environ, instance_id):
    return 200, {'instance': instances.find(instance_id)}, []


def update(environ, instance_id):
    return 200, {'instance': instances.rename(instance_id, sent_name(environ))}, []


def delete(environ, instance_id):
    instances.delete(instance_id)
    return 204, None, []


COLLECTION = {'GET': index, 'POST': create}
ITEM = {'GET': show, 'PUT': update, 'DELETE': delete}


def url_of(environ):
    return f'{environ["wsgi.url_scheme"]}://{environ["HTTP_HOST"]}{environ["PATH_INFO"]}'


def sent_name(environ):
    length = int(environ.get('CONTENT_LENGTH') or 0)
    if length > MAX_BODY:
        raise Refused(413, f'Send at most {MAX_BODY} bytes.')
    body = environ['wsgi.input'].read(length)
    try:
        if environ.get('CONTENT_TYPE') == 'application/json':
            return read_name(json.loads(body))
        return read_name(dict(parse_qsl(body.decode())))
    except ValueError:
        raise Refused(400, 'The body is not JSON or a form in UTF-8.') from None

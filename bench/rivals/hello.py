"""The least that can answer: what a first answer costs when there is nothing but Python and the server."""


def app(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', '5')])
    return [b'hello']

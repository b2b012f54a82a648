AS_SHIPPED = (
    'The answers of your pipeline have no header X-Openstack-Request-Id yet: add it in request_id.py, and save.'
)
LOGGED = "        LOG.info('%s is %s %s', request_id, environ['REQUEST_METHOD'], environ['PATH_INFO'])\n"
STAMPED = """        def stamped(status, headers, exc_info=None):
            pair = ('X-Openstack-Request-Id', request_id)
            return start_response(status, [*headers, pair], exc_info)
"""
MISTAKES = {
    'one id for all': (
        {
            'request_id.py': (
                "f'req-{uuid.uuid4()}'",
                "'req-00000000-0000-0000-0000-000000000000'",
            )
        },
        'Two requests got the same id, ...: make a new one inside __call__, for each request.',
    ),
    'the UUID itself, which is no text': (
        {'request_id.py': ("f'req-{uuid.uuid4()}'", 'uuid.uuid4()')},
        'GET /instances fails: request_id.py, line ...: TypeError: the header X-Openstack-Request-Id is a UUID: a '
        'header is text, as in f"{...}".',
    ),
    'a UUID without req-': (
        {'request_id.py': ("f'req-{uuid.uuid4()}'", 'str(uuid.uuid4())')},
        'The id is "...": let it be req- and a UUID, as in f"req-{uuid.uuid4()}".',
    ),
    'the answer not returned': (
        {'request_id.py': ('return self.app(environ, stamped)', 'self.app(environ, stamped)')},
        'GET /instances fails: request_id.py, line ...: TypeError: a filter or the application returned None: is there '
        'a "return" missing?',
    ),
    'an answer that is not called': (
        {'request_id.py': ('return self.app(environ, stamped)', 'import webob; return webob.Response()')},
        'GET /instances fails: request_id.py, line ...: TypeError: a filter or the application returned a Response: a '
        'Response is called, return answer(environ, start_response).',
    ),
    'no import': (
        {'request_id.py': ('import uuid\n', '')},
        "GET /instances fails: request_id.py, line ...: NameError: name 'uuid' is not defined...",
    ),
    'behind auth': (
        {'configure.ini': ('request_id auth instance', 'auth request_id instance')},
        'A request that auth refuses gets no id: let your filter stand before auth in the pipeline.',
    ),
    'not in the log': (
        {'request_id.py': (LOGGED, '')},
        'Each answer has an id now, but nobody finds it in the log: log a line with id, method and path.',
    ),
    'another id in the log': (
        {'request_id.py': ("', request_id)", "', f'req-{uuid.uuid4()}')")},
        'Each answer has an id now, but nobody finds it in the log: log a line with id, method and path.',
    ),
    'the id alone in the log': (
        {'request_id.py': (LOGGED, '        LOG.info(request_id)\n')},
        'The log has "req-...": let the line say which request it is, by its method and its path.',
    ),
    'exc_info lost': (
        {'request_id.py': ('pair], exc_info)', 'pair])')},
        'Your start_response is called with exc_info when an application fails half-way, and loses it: hand it on as '
        'the third argument.',
    ),
    'no exc_info taken': (
        {'request_id.py': (STAMPED, STAMPED.replace(', exc_info=None', '').replace(', exc_info', ''))},
        'Your start_response is called with exc_info when an application fails half-way, and cannot take it: give it a '
        'third argument, exc_info=None.',
    ),
    'nothing returned by start_response': (
        {'request_id.py': ('return start_response', 'start_response')},
        'Your start_response returns nothing: return what the real one returns, since an application may call that.',
    ),
}

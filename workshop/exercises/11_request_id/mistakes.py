AS_SHIPPED = (
    'The answers of your pipeline have no header X-Openstack-Request-Id yet: add it in request_id.py, and save.'
)
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
        'The id is no text, but a UUID: a header is text, as in f"req-{uuid.uuid4()}".',
    ),
    'a UUID without req-': (
        {'request_id.py': ("f'req-{uuid.uuid4()}'", 'str(uuid.uuid4())')},
        'The id is "...": let it be req- and a UUID, as in f"req-{uuid.uuid4()}".',
    ),
    'the answer not returned': (
        {'request_id.py': ('return self.app(environ, stamped)', 'self.app(environ, stamped)')},
        'GET /instances fails: ...: a filter or the application returned None: is there a "return" missing?',
    ),
    'no import': (
        {'request_id.py': ('import uuid\n', '')},
        "GET /instances fails: request_id.py, line ...: NameError: name 'uuid' is not defined...",
    ),
    'behind auth': (
        {'configure.ini': ('request_id auth instance', 'auth request_id instance')},
        'A request that auth refuses gets no id: let your filter stand before auth in the pipeline.',
    ),
}

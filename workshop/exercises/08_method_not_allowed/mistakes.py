CATCH_ALL = """        for path in {path for path, method, action in self.routes}:
            allowed = [row[1] for row in self.routes if row[0] == path]
            self.mapper.connect(path, allowed=', '.join(allowed))
"""

AS_SHIPPED = 'DELETE /instances is answered 404: the path is in the table, the method is not, so answer 405.'
MISTAKES = {
    '405 in place of every 404': (
        {'signpost.py': ("fault(404, 'There is nothing at this path.')", "fault(405, 'No.', {'Allow': 'GET, POST'})")},
        'DELETE /nothing is answered 405: this path is in no row of the table, so 404 is right.',
    ),
    'no Allow': (
        {'signpost.py': (", {'Allow': allowed})", ')')},
        'DELETE /instances is answered 405, but without the header Allow: send Allow: GET, POST.',
    ),
    'the methods of all paths': (
        {'signpost.py': (' if row[0] == path]', ']')},
        'DELETE /instances is answered 405 with Allow: GET, POST, GET, DELETE. By the table, it is GET, POST.',
    ),
    'any method comes before the right ones': (
        {
            'signpost.py': (
                '        self.mapper = Mapper()\n',
                f'        self.mapper = Mapper()\n{CATCH_ALL}',
            )
        },
        'GET /instances is answered 405 now: what is in the table has to be found first.',
    ),
    'one path forgotten': (
        {'signpost.py': (CATCH_ALL, "        self.mapper.connect('/instances', allowed='GET, POST')\n")},
        'PUT /instances/{instance_id} is answered 404: the path is in the table, the method is not, so answer 405.',
    ),
}

"""What the controllers of nouns share: one in an answer, many in an answer, and their links.

Use: class UserV3(V3Controller): collection_name, member_name = 'users', 'user'
Real: keystone 2014.2 keystone/common/controller.py V3Controller
Left out: paging (a list is whole), and filters but for equality.
"""

import wsgi as ground
from cloud.keystone.common.validation import validate
from cloud.keystone.common.wsgi import Resource, base_url, read_body
from cloud.oslo.utils.strutils import bool_from_string

OWN = ('id', 'links')  # what a client may not set


class V3Controller(Resource):
    """database: Keystone's. path: of the collection behind /v3; filters: the queries that a list heeds."""

    collection_name = member_name = path = None
    filters = ()

    def __init__(self, database):
        self.database = database

    def view(self, req, row):
        """A row as clients see it. A subclass says what."""
        return row

    def wrap_member(self, req, row, status=200):
        return ground.answer({self.member_name: self.linked(req, row)}, status)

    def wrap_collection(self, req, rows):
        """All of these rows that the query asks for, as a document."""
        views = [self.linked(req, row) for row in rows]
        query = ground.read_query(req)
        for name in self.filters:
            if name in query:
                views = [view for view in views if is_same(view.get(name), query[name])]
        return {self.collection_name: views, 'links': page_links(req)}

    def linked(self, req, row):
        view = self.view(req, row)
        view['links'] = {'self': f'{base_url(req)}/{self.path or self.collection_name}/{row["id"]}'}
        return view

    def read(self, req, schema):
        """The noun in the body, checked, without what is not the client's to say."""
        body = read_body(req)
        validate(schema, body)
        return {name: value for name, value in body[self.member_name].items() if name not in OWN}


def page_links(req):
    path = req.path_info.removeprefix('/v3') + (f'?{req.query_string}' if req.query_string else '')
    return {'next': None, 'self': base_url(req) + path, 'previous': None}


def is_same(value, text):
    if isinstance(value, bool):
        try:
            return value == bool_from_string(text or 'true')  # ?enabled alone means true
        except ValueError:
            return False
    return value == text


def split(values, columns):
    """({column: value}, all others): what has a column of its own, and what goes into `extra`."""
    known = {name: value for name, value in values.items() if name in columns}
    return known, {name: value for name, value in values.items() if name not in columns}

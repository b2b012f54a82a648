"""Projects, and the domains that they are in.

Use: ProjectV3(database), DomainV3(database), as the router's `project` and `domain`
Real: keystone 2015.1 keystone/resource/controllers.py ProjectV3, DomainV3
Left out: configurations of domains, and limits. A project may have a parent other than its domain, which it inherits
    nothing from.
"""

from sqlalchemy import select
from webob import Response

import wsgi
from cloud.keystone import exception
from cloud.keystone.common import sql
from cloud.keystone.common.controller import V3Controller, page_links, split
from cloud.keystone.common.validation import BOOLEAN, NAME, NULL_ID, TEXT, noun, validate
from cloud.keystone.common.wsgi import read_body
from cloud.keystone.resource.backends import sql as resources

DEFAULT = 'default'
TAG = {'type': 'string', 'minLength': 1, 'maxLength': 255, 'pattern': '^[^,/]*$'}
TAGS = {'type': 'array', 'items': TAG, 'maxItems': 80, 'uniqueItems': True}
SHORT_NAME = {**NAME, 'maxLength': 64}
PROPERTIES = {'name': SHORT_NAME, 'description': TEXT, 'enabled': BOOLEAN, 'tags': TAGS}
PROJECT = {**PROPERTIES, 'domain_id': NULL_ID, 'parent_id': NULL_ID, 'is_domain': BOOLEAN}
TAG_FILTERS = {
    'tags': lambda wanted, tags: wanted <= tags,
    'tags-any': lambda wanted, tags: bool(wanted & tags),
    'not-tags': lambda wanted, tags: not wanted <= tags,
    'not-tags-any': lambda wanted, tags: not wanted & tags,
}
FIXED = ('domain_id', 'parent_id', 'is_domain')
COLUMNS = ('name', 'domain_id', 'parent_id', 'description', 'enabled', 'tags')


class ProjectV3(V3Controller):
    collection_name, member_name = 'projects', 'project'
    filters = ('name', 'domain_id', 'enabled', 'parent_id')

    def view(self, req, row):
        return {
            **row['extra'],
            'id': row['id'],
            'name': row['name'],
            'domain_id': None if row['is_domain'] else row['domain_id'],
            'description': row['description'] or '',
            'enabled': row['enabled'],
            'parent_id': row['parent_id'],
            'is_domain': row['is_domain'],
            'tags': row['tags'],
            'options': {},
        }

    def list_projects(self, req):
        query = wsgi.read_query(req)
        are_domains = query.get('is_domain', 'false').lower() in ('', '1', 'true')
        rows = [row for row in resources.list_projects(self.database, are_domains) if is_tagged(row['tags'], query)]
        return self.wrap_collection(req, rows)

    def list_user_projects(self, req, user_id):
        return self.wrap_collection(req, resources.list_user_projects(self.database, user_id))

    def get_project(self, req, project_id):
        return self.wrap_member(req, self.find(project_id))

    def create_project(self, req):
        values = self.read(req, noun('project', PROJECT, ['name']))
        if values.get('is_domain'):
            return self.create_domain(req, values)
        with self.database.writing() as connection:
            values.update(place(connection, values, domain_of(req.token)))
            return self.wrap_member(req, sql.insert(connection, sql.project, new_row(values)), 201)

    def create_domain(self, req, values):
        """A project that acts as a domain, which is what a domain is."""
        if values.get('domain_id') or values.get('parent_id'):
            raise exception.ValidationError('A domain is in no other: send it without domain_id and parent_id.')
        row = {**new_row({**values, 'domain_id': sql.ROOT, 'parent_id': None}), 'is_domain': True}
        with self.database.writing() as connection:
            return self.wrap_member(req, sql.insert(connection, sql.project, row), 201)

    def update_project(self, req, project_id):
        row = self.find(project_id)
        shown = self.view(req, row)
        values = self.read(req, noun('project', PROJECT))
        fixed = [name for name in FIXED if values.pop(name, shown[name]) != shown[name]]
        if fixed:
            raise exception.ValidationError(f'Cannot change the {fixed[0]} of a project.')
        return self.wrap_member(req, resources.update(self.database, project_id, changes(row, values)))

    def delete_project(self, req, project_id):
        if self.find(project_id)['is_domain']:
            return DomainV3(self.database).delete_domain(req, project_id)
        resources.delete_project(self.database, project_id)

    def find(self, project_id):
        row = self.database.get(sql.project, project_id)
        if row is None:
            raise exception.not_found('project', project_id)
        return row

    # -- tags

    def list_project_tags(self, req, project_id):
        return {'tags': self.find(project_id)['tags'], 'links': page_links(req)}

    def update_project_tags(self, req, project_id):
        body = read_body(req)
        validate({'type': 'object', 'properties': {'tags': TAGS}, 'required': ['tags']}, body)
        self.find(project_id)
        resources.update(self.database, project_id, {'tags': body['tags']})
        return {'tags': body['tags'], 'links': page_links(req)}

    def delete_project_tags(self, req, project_id):
        self.find(project_id)
        resources.update(self.database, project_id, {'tags': []})

    def get_project_tag(self, req, project_id, value):
        if value not in self.find(project_id)['tags']:
            raise exception.not_found('project tag', value)

    def create_project_tag(self, req, project_id, value):
        validate({'properties': {'value': TAG}}, {'value': value})
        tags = self.find(project_id)['tags']
        if value not in tags:
            resources.update(self.database, project_id, {'tags': [*tags, value]})
        return created()

    def delete_project_tag(self, req, project_id, value):
        self.get_project_tag(req, project_id, value)
        tags = self.find(project_id)['tags']
        resources.update(self.database, project_id, {'tags': [tag for tag in tags if tag != value]})


class DomainV3(V3Controller):
    collection_name, member_name = 'domains', 'domain'
    filters = ('name', 'enabled')

    def view(self, req, row):
        return {
            **row['extra'],
            'id': row['id'],
            'name': row['name'],
            'description': row['description'] or '',
            'enabled': row['enabled'],
            'tags': row['tags'],
            'options': {},
        }

    def list_domains(self, req):
        with self.database.reading() as connection:
            wanted = select(sql.project).where(sql.project.c.is_domain).order_by(sql.project.c.name)
            return self.wrap_collection(req, connection.execute(wanted).mappings().all())

    def get_domain(self, req, domain_id):
        return self.wrap_member(req, self.find(domain_id))

    def create_domain(self, req):
        values = self.read(req, noun('domain', PROPERTIES, ['name']))
        values.update(domain_id=sql.ROOT, parent_id=None)
        with self.database.writing() as connection:
            row = {**new_row(values), 'is_domain': True}
            return self.wrap_member(req, sql.insert(connection, sql.project, row), 201)

    def update_domain(self, req, domain_id):
        row = self.find(domain_id)
        values = self.read(req, noun('domain', PROPERTIES))
        return self.wrap_member(req, resources.update(self.database, domain_id, changes(row, values)))

    def delete_domain(self, req, domain_id):
        if domain_id == DEFAULT:
            raise exception.ForbiddenAction('delete the default domain')
        if self.find(domain_id)['enabled']:
            raise exception.ForbiddenAction('Cannot delete a domain that is enabled, please disable it first')
        resources.delete_domain(self.database, domain_id)

    def find(self, domain_id):
        row = self.database.get(sql.project, domain_id)
        if row is None or not row['is_domain']:
            raise exception.not_found('domain', domain_id)
        return row


def is_tagged(tags, query):
    """Whether the tags are as the query wants them, which has lists with commas."""
    asked = {name: set(query[name].split(',')) for name in TAG_FILTERS if name in query}
    return all(TAG_FILTERS[name](wanted, set(tags)) for name, wanted in asked.items())


def place(connection, values, default):
    """{domain_id, parent_id} of a new project: the domain that it names, or its parent's, or the default."""
    parent = sql.find(connection, sql.project, values.get('parent_id') or values.get('domain_id') or default)
    if parent is None:
        raise exception.not_found('domain', values.get('parent_id') or values.get('domain_id') or default)
    domain_id = parent['id'] if parent['is_domain'] else parent['domain_id']
    if values.get('domain_id') not in (None, domain_id):
        raise exception.ValidationError('The parent of a project is in its domain, or is its domain.')
    return {'domain_id': domain_id, 'parent_id': parent['id']}


def created():
    return Response(status=201, headerlist=[('Content-Length', '0')])


def domain_of(token):
    """The domain that something new belongs to if the request does not say it."""
    return (token.domain or (token.project or token.user)['domain'])['id']


def new_row(values):
    known, extra = split(values, COLUMNS)
    return {'id': sql.new_id(), 'enabled': True, 'tags': [], **known, 'extra': without_ours(extra)}


def changes(row, values):
    known, extra = split(values, COLUMNS)
    return {**known, 'extra': {**row['extra'], **without_ours(extra)}}


def without_ours(extra):
    return {name: value for name, value in extra.items() if name not in ('is_domain', 'options')}

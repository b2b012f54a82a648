"""Tokens over HTTP: POST makes one, GET and HEAD say whose it is, DELETE revokes it; and what its user may go for.

    POST {"auth": {"identity": {...}, "scope": {...}}}  ->  201, X-Subject-Token: the token, and what it means
    GET, X-Auth-Token: one's own, X-Subject-Token: another  ->  200, what that one means

Use: Auth(database, provider, catalog, plugins), as the router's `auth`
Real: keystone 2014.2 keystone/auth/controllers.py Auth
Left out: federation, trusts, several factors.
"""

import wsgi
from cloud.keystone import exception
from cloud.keystone.assignment.backends import sql as assignments
from cloud.keystone.auth.core import SYSTEM, AuthInfo
from cloud.keystone.auth.schema import validate_issue_token_auth
from cloud.keystone.common import sql
from cloud.keystone.common.controller import page_links
from cloud.keystone.common.wsgi import Resource, base_url, read_body
from cloud.keystone.resource.controllers import DomainV3, ProjectV3


class Auth(Resource):
    """database: Keystone's; provider: a token.provider.Provider; catalog: from a project's id (or None) to the list of
    services; plugins: the methods, by name.
    """

    public = ('authenticate_for_token',)

    def __init__(self, database, provider, catalog, plugins):
        self.database, self.provider, self.catalog, self.plugins = database, provider, catalog, plugins

    def authenticate_for_token(self, req):
        auth = read_body(req).get('auth')
        validate_issue_token_auth(auth)
        info = AuthInfo(auth)
        user_id, given = self.authenticate(req, info)
        scope = given.pop('scope', None) or self.scope_for(info, user_id)
        methods, parent = info.methods, given.get('parent')
        if parent is not None:
            methods = list(dict.fromkeys([*parent.methods, *methods]))
        token_id, token = self.provider.issue(user_id, methods, scope, **given)
        return self.rendered(req, token_id, token, 201)

    def authenticate(self, req, info):
        """(user id, what else the methods have to say); all must mean the same user. Unauthorized."""
        users, given = set(), {}
        for method in info.methods:
            if method not in self.plugins:
                raise exception.AuthMethodNotSupported()
            user_id, more = self.plugins[method].authenticate(req, info.identity[method])
            users.add(user_id)
            given.update(more)
        if len(users) != 1:
            raise exception.Unauthorized('no method, or methods for different users')
        return users.pop(), given

    def scope_for(self, info, user_id):
        """What the request asks for; without a word about it, the user's own default project, if it lets them in."""
        with self.database.reading() as connection:
            if info.scope is not None:
                return info.find_scope(connection)
            user = sql.find(connection, sql.user, user_id) or {}
            project_id = user.get('default_project_id')
            if project_id and assignments.effective_roles(connection, user_id, 'project', project_id):
                return {'project': project_id}
        return {}

    def rendered(self, req, subject_token, token, status=200):
        wants = 'nocatalog' not in wsgi.read_query(req) and token.is_scoped
        catalog = self.catalog(token.project and token.project['id']) if wants else None
        response = wsgi.answer(token.render(catalog), status)
        response.headers['X-Subject-Token'] = subject_token
        return response

    def target(self, req, variables):
        req.subject = None
        if req.path_info == '/v3/auth/tokens' and req.headers.get('X-Subject-Token'):
            req.subject = self.provider.validate(req.headers['X-Subject-Token'])
        return {'subject_user_id': req.subject.user['id']} if req.subject else {}

    def validate_token(self, req):
        return self.rendered(req, req.headers.get('X-Subject-Token'), self.subject(req))

    check_token = validate_token

    def revoke_token(self, req):
        self.provider.revoke(self.subject(req))

    def subject(self, req):
        if req.subject is None:
            raise exception.TokenNotFound('No token in the request')
        return req.subject

    def get_auth_catalog(self, req):
        if not req.token.project and not req.token.system:
            raise exception.Forbidden('A project-scoped token is required to produce a service catalog.')
        catalog = self.catalog(req.token.project and req.token.project['id'])
        return {'catalog': catalog, 'links': {'self': base_url(req) + '/auth/catalog'}}

    def get_auth_projects(self, req):
        return self.places(req, 'project', ProjectV3(self.database))

    def get_auth_domains(self, req):
        return self.places(req, 'domain', DomainV3(self.database))

    def places(self, req, target, controller):
        """The enabled projects or domains where the caller has a role."""
        with self.database.reading() as connection:
            ids = assignments.target_ids(connection, req.token.user['id'], target)
            rows = [sql.find(connection, sql.project, target_id) for target_id in ids]
        rows = sorted((row for row in rows if row and row['enabled']), key=lambda row: row['name'])
        views = [controller.linked(req, row) for row in rows]
        return {controller.collection_name: views, 'links': page_links(req)}

    def get_auth_system(self, req):
        with self.database.reading() as connection:
            roles = assignments.effective_roles(connection, req.token.user['id'], 'system', SYSTEM)
        return {'system': [{'all': True}] if roles else [], 'links': {'self': base_url(req) + '/auth/system'}}

"""Keys: credentials of any type, and EC2's, which are pairs of an access and a secret key.

    POST /v3/users/{user_id}/credentials/OS-EC2 {"tenant_id": ...}  ->  {"credential": {"access": ..., "secret": ...}}
    POST /v3/ec2tokens {"credentials": {"access": ..., "signature": ..., ...}}  ->  a token, if the signature is right

A secret key has to be known to check a signature. So it is kept as it is, and leaves only for those who may see it.
Use: CredentialV3(database), Ec2ControllerV3(database, auth), as the router's `credential` and `ec2`
Real: keystone 2014.2 keystone/credential/controllers.py CredentialV3; keystone/contrib/ec2/controllers.py
Left out: encryption of what is kept, which needs a key that lies beside it.
"""

import json

from sqlalchemy import select

import wsgi
from cloud.keystone import exception
from cloud.keystone.assignment.backends import sql as assignments
from cloud.keystone.common import sql
from cloud.keystone.common.controller import V3Controller, page_links
from cloud.keystone.common.validation import NAME, NULL_ID, noun, validate
from cloud.keystone.common.wsgi import Resource, base_url, read_body
from cloud.keystone.credential import signature

BLOB = {'type': 'string', 'maxLength': 65535}
CREDENTIAL = {'type': NAME, 'blob': BLOB, 'user_id': NAME, 'project_id': NULL_ID}
COLUMNS = tuple(CREDENTIAL)
TENANT = {'type': 'object', 'properties': {'tenant_id': NAME}, 'required': ['tenant_id']}


class CredentialV3(V3Controller):
    collection_name, member_name = 'credentials', 'credential'
    filters = ('user_id', 'type')

    def view(self, req, row):
        return {name: row[name] for name in ('id', *COLUMNS)}

    def list_credentials(self, req):
        with self.database.reading() as connection:
            rows = connection.execute(select(sql.credential).order_by(sql.credential.c.id)).mappings().all()
        return self.wrap_collection(req, rows)

    def get_credential(self, req, credential_id):
        return self.wrap_member(req, self.find(credential_id))

    def create_credential(self, req):
        values = self.read(req, noun('credential', CREDENTIAL, ['type', 'blob', 'user_id']))
        row = {name: values.get(name) for name in COLUMNS}
        row['id'] = sql.access_id(access_of(row)) if row['type'] == 'ec2' else sql.new_id()
        with self.database.writing() as connection:
            row = sql.insert(connection, sql.credential, row)
        return self.wrap_member(req, row, 201)

    def update_credential(self, req, credential_id):
        before = self.find(credential_id)
        values = self.read(req, noun('credential', CREDENTIAL))
        known = {name: value for name, value in values.items() if name in COLUMNS}
        if 'ec2' in (before['type'], known.get('type')):
            access_of({**before, **known})
        with self.database.writing() as connection:
            return self.wrap_member(req, sql.change(connection, sql.credential, credential_id, known))

    def delete_credential(self, req, credential_id):
        self.find(credential_id)
        self.database.delete(sql.credential, credential_id)

    def find(self, credential_id):
        with self.database.reading() as connection:
            return sql.find_or_fail(connection, sql.credential, credential_id)


def access_of(row):
    """The access key in the blob of a credential of type ec2; ValidationError."""
    access = sql.blob_of(row).get('access')
    if not isinstance(access, str):
        raise exception.ValidationError('Invalid blob in credential')
    return access


class Ec2ControllerV3(Resource):
    """database: Keystone's; auth: the auth.controllers.Auth that answers with a token; brake: for wrong signatures."""

    public = ('authenticate',)

    def __init__(self, database, auth):
        self.database, self.auth = database, auth

    def authenticate(self, req):
        """A token for the user and project of the access key, if the request was signed with its secret.

        That there is no such key is told (the real one answers 401 for both): it is as long as a secret.
        """
        sent = read_body(req).get('credentials')
        signature.check_form(sent)
        row = self.database.get(sql.credential, sql.access_id(sent['access']))
        if row is None or row['type'] != 'ec2' or sql.blob_of(row).get('access') != sent['access']:
            raise exception.not_found('credential', sent['access'][:64])
        secret = sql.blob_of(row).get('secret')
        if not isinstance(secret, str) or not signature.is_right(sent, secret):
            raise exception.Unauthorized('wrong signature')
        token_id, token = self.auth.provider.issue(row['user_id'], ['ec2credential'], {'project': row['project_id']})
        return self.auth.rendered(req, token_id, token)

    def ec2_create_credential(self, req, user_id):
        body = read_body(req)
        validate(TENANT, body)
        project_id = body['tenant_id']
        access, secret = sql.new_id(), sql.new_id()
        row = {'id': sql.access_id(access), 'user_id': user_id, 'project_id': project_id, 'type': 'ec2'}
        with self.database.writing() as connection:
            sql.find_or_fail(connection, sql.user, user_id)
            sql.find_or_fail(connection, sql.project, project_id)
            if not assignments.effective_roles(connection, user_id, 'project', project_id):
                raise exception.Forbidden(f'User {user_id} has no access to project {project_id}')
            blob = json.dumps({'access': access, 'secret': secret})
            row = sql.insert(connection, sql.credential, {**row, 'blob': blob})
        return wsgi.answer({'credential': ec2_view(req, row)}, 201)

    def ec2_list_credentials(self, req, user_id):
        with self.database.reading() as connection:
            table = sql.credential
            wanted = select(table).where(table.c.user_id == user_id, table.c.type == 'ec2').order_by(table.c.id)
            rows = connection.execute(wanted).mappings().all()
        return {'credentials': [ec2_view(req, row) for row in rows], 'links': page_links(req)}

    def ec2_get_credential(self, req, user_id, credential_id):
        return {'credential': ec2_view(req, self.find(user_id, credential_id))}

    def ec2_delete_credential(self, req, user_id, credential_id):
        self.database.delete(sql.credential, self.find(user_id, credential_id)['id'])

    def find(self, user_id, access):
        row = self.database.get(sql.credential, sql.access_id(access))
        if row is None or row['type'] != 'ec2' or row['user_id'] != user_id:
            raise exception.not_found('credential', access)
        return row


def ec2_view(req, row):
    blob = sql.blob_of(row)
    links = {'self': f'{base_url(req)}/users/{row["user_id"]}/credentials/OS-EC2/{blob.get("access")}'}
    names = {'user_id': row['user_id'], 'tenant_id': row['project_id'], 'trust_id': None}
    return {**names, 'access': blob.get('access'), 'secret': blob.get('secret'), 'links': links}

"""The one place where Keystone's parts meet.

    NormalizingFilter -> AuthContextMiddleware -> APIRouter -> the controller of a noun

Use, in the ini:   [app:keystone]
                   paste.app_factory = cloud.keystone.service:app_factory
Real: keystone 2014.2 keystone/service.py v3_app_factory, keystone/backends.py load_backends
"""

import functools

from cloud.keystone import controllers
from cloud.keystone.application_credential.controllers import ApplicationCredentialV3
from cloud.keystone.assignment.controllers import GrantAssignmentV3, RoleAssignmentV3, RoleV3
from cloud.keystone.auth.brake import Brake
from cloud.keystone.auth.controllers import Auth
from cloud.keystone.auth.plugins.application_credential import ApplicationCredential
from cloud.keystone.auth.plugins.password import Password
from cloud.keystone.auth.plugins.token import Token
from cloud.keystone.catalog.backends.sql import get_v3_catalog
from cloud.keystone.catalog.controllers import EndpointV3, RegionV3, ServiceV3
from cloud.keystone.cmd.bootstrap import bootstrap
from cloud.keystone.common import config
from cloud.keystone.common.sql import Database
from cloud.keystone.controls import Controls
from cloud.keystone.credential.controllers import CredentialV3, Ec2ControllerV3
from cloud.keystone.identity.controllers import GroupV3, UserV3
from cloud.keystone.middleware.core import AuthContextMiddleware, NormalizingFilter
from cloud.keystone.resource.controllers import DomainV3, ProjectV3
from cloud.keystone.routers import APIRouter
from cloud.keystone.token.lessons import Lessons
from cloud.keystone.token.provider import Provider
from cloud.keystone.token.providers.fernet import keys
from cloud.keystone.token.providers.fernet.core import TokenFormatter
from cloud.keystoneclient.middleware.auth_token import TokenTable
from cloud.oslo.db.sqlalchemy.session import DBError


def app_factory(global_config, **local_config):
    """Paste Deploy calls this with the ini's [DEFAULT]; ValueError for an option that is no good."""
    options = config.parse(global_config)
    table = TokenTable(options.token_file)
    database = Database(options.sql_connection)
    try:
        is_first = bootstrap(database, options, table.identities.values())
    except DBError as error:
        raise ValueError(f'sql_connection: {error}') from None
    if is_first:
        print(f'first start: users admin, demo, reader, alt; the password of each is {options.seed_password}')
    return make_app(options, database, table)


def make_app(options, database, table):
    formatter = TokenFormatter(keys.load_keys(options.key_repository))
    provider = Provider(database, formatter, Lessons(table, database), options.expiration)
    brake = Brake(options.password_tries)
    plugins = {
        'password': Password(database, brake),
        'token': Token(provider),
        'application_credential': ApplicationCredential(database, brake),
    }
    auth = Auth(database, provider, functools.partial(get_v3_catalog, database), plugins)
    router = APIRouter(
        version=controllers.Version(),
        auth=auth,
        user=UserV3(database, brake),
        group=GroupV3(database),
        project=ProjectV3(database),
        domain=DomainV3(database),
        role=RoleV3(database),
        grant=GrantAssignmentV3(database),
        inherited_grant=GrantAssignmentV3(database, inherited=True),
        role_assignment=RoleAssignmentV3(database),
        credential=CredentialV3(database),
        ec2=Ec2ControllerV3(database, auth),
        application_credential=ApplicationCredentialV3(database),
        service=ServiceV3(database),
        endpoint=EndpointV3(database),
        region=RegionV3(database),
    )
    app = NormalizingFilter(AuthContextMiddleware(router, provider, options.public_endpoint))
    identities = list(table.identities.values())
    app.controls = functools.partial(
        Controls, options, database, identities, provider, brake
    )  # for the filter toycloud
    return app

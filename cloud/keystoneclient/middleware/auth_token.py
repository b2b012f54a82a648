"""Who is it? The filter that turns a token into an identity, for every service.

    X-Auth-Token: alice-token  ->  X-Identity-Status: Confirmed, X-User-Id, X-Tenant-Id, X-Roles
    X-Service-Token: ...       ->  X-Service-Identity-Status: Confirmed, X-Service-User-Id, ..., X-Service-Roles

The second token says which service asks, on behalf of whom the first one names.
Identity headers that a client sends itself are removed first: it might claim to be anyone.

Use, in the ini:   [filter:authtoken]
                   paste.filter_factory = cloud.keystoneclient.middleware.auth_token:filter_factory
                   delay_auth_decision = true
                   token_file = %(here)s/../tokens.ini
A table in a file knows the lessons' tokens. All others are asked for at Keystone, where the ini's [DEFAULT] says that
there is one (auth_uri); identity.py does that. Without a Keystone that answers, the answer here is 503.
Real: keystonemiddleware 1.2 keystonemiddleware/auth_token.py AuthProtocol, which glance 2014.2 had in its pipeline. It
    came from keystoneclient 0.11 keystoneclient/middleware/auth_token.py, whose place it has here. It knows no table.
Left out: X-Service-Catalog, PKI tokens.
"""

import configparser
import hmac
import logging

from cloud.keystoneclient.middleware.identity import KEYSTONES, IdentityServer, ServiceError
from cloud.oslo.utils.encodeutils import header_bytes, text_header
from cloud.oslo.utils.strutils import bool_from_string
from wsgi import fault

LOG = logging.getLogger(__name__)

# The beginnings of the headers that say who is calling, as the WSGI environ names them.
IDENTITY_HEADERS = (
    'HTTP_X_IDENTITY_STATUS',
    'HTTP_X_USER',
    'HTTP_X_TENANT',
    'HTTP_X_PROJECT',
    'HTTP_X_DOMAIN',
    'HTTP_X_ROLE',
    'HTTP_X_SERVICE',
)


class AuthProtocol:
    """WSGI filter: say who is calling, or refuse who is not known.

    app: the next WSGI application. conf: the section's settings; with `delay_auth_decision` true, an unknown
    caller goes on, marked X-Identity-Status: Invalid, and a later filter decides; otherwise the answer is 401.
    find_token: from a token (text) to {'user': ..., 'tenant': ..., 'roles': [...]}, or None if it is not known.
    """

    def __init__(self, app, conf, find_token):
        self.app = app
        self.delays = read_boolean(conf, 'delay_auth_decision')
        self.find_token = find_token

    def __call__(self, environ, start_response):
        service_token = environ.get('HTTP_X_SERVICE_TOKEN')
        for name in [name for name in environ if name.startswith(IDENTITY_HEADERS)]:
            del environ[name]
        try:
            identity = self.identify(environ.get('HTTP_X_AUTH_TOKEN'))
            service = None if service_token is None else self.identify(service_token)
        except ServiceError as error:
            return unavailable(error)(environ, start_response)
        if identity is None and not self.delays:
            return unknown('X-Auth-Token')(environ, start_response)
        environ.update(identity_headers(identity))
        if service_token is not None:
            if service is None and not self.delays:
                return unknown('X-Service-Token')(environ, start_response)
            environ.update(identity_headers(service, 'HTTP_X_SERVICE'))
        return self.app(environ, start_response)

    def identify(self, sent):
        identity = self.find_token(sent) if sent else None
        who = f'user {identity["user"]} of {identity["tenant"]}' if identity else 'an unknown caller'
        LOG.debug('authtoken: %s', who)
        return identity


def unknown(header):
    message = f'The token in {header} is missing or unknown: send a right one.'
    LOG.debug('authtoken refuses: %s', message)
    return fault(401, message, {'WWW-Authenticate': 'Keystone'})


def unavailable(error):
    LOG.error('authtoken cannot ask Keystone: %s', error)
    return fault(503, 'The Keystone service is temporarily unavailable: try again later.')


def identity_headers(identity, prefix='HTTP_X'):
    if identity is None:
        return {f'{prefix}_IDENTITY_STATUS': 'Invalid'}
    headers = {
        f'{prefix}_IDENTITY_STATUS': 'Confirmed',
        f'{prefix}_USER_ID': identity['user'],
        f'{prefix}_TENANT_ID': identity['tenant'],
        f'{prefix}_ROLES': ','.join(identity['roles']),
        **{f'{prefix}_{name}': value for name, value in identity.get('more', {}).items()},
    }
    return {name: text_header(value) for name, value in headers.items()}


class TokenTable:
    """The tokens in a file: call it with a token to get its identity, or None.

    The file has a section for each token, with user, tenant and roles (separated by commas).
    ValueError in one line if it cannot be read, or is not complete.
    """

    def __init__(self, path):
        self.path = path
        self.identities = {name.encode(): self.read(section) for name, section in self.sections()}

    def sections(self):
        parser = configparser.ConfigParser(interpolation=None, default_section='', delimiters='=')
        try:
            with open(self.path, encoding='utf-8-sig') as file:
                parser.read_file(file)
        except (OSError, UnicodeDecodeError, configparser.Error) as error:
            raise ValueError(f'token_file = {self.path}: {error}') from None
        return [(name, parser[name]) for name in parser.sections()]

    def read(self, section):
        missing = [name for name in ('user', 'tenant', 'roles') if name not in section]
        if missing:
            raise ValueError(f'token_file = {self.path}: a token has no {missing[0]}')
        roles = [role.strip() for role in section['roles'].split(',') if role.strip()]
        return {'user': section['user'], 'tenant': section['tenant'], 'roles': roles}

    def __call__(self, token):
        # As in the ground floor's auth.py; and all tokens are compared, so that their order does not show either.
        sent = header_bytes(token)
        found = None
        for known, identity in self.identities.items():
            if hmac.compare_digest(sent, known):
                found = identity
        return found


class TableThenKeystone:
    """A token of the lessons is found in the table; one that looks like Keystone's is asked for there; others are none.

    So the lessons need no Keystone, and what nobody can have got from one costs it nothing.
    """

    def __init__(self, table, server):
        self.table, self.server = table, server

    def __call__(self, token):
        return self.table(token) or (self.server(token) if token.startswith(KEYSTONES) else None)


def read_boolean(conf, name):
    """A setting, false if it is missing. ValueError if it is not a boolean: a typo must not decide about access."""
    text = str(conf.get(name, 'false'))
    try:
        return bool_from_string(text)
    except ValueError as error:
        raise ValueError(f'{name} = {text}: {error}') from None


def token_finder(global_config, local_config):
    """A function from a token to its identity, or None, as an ini says it; ValueError without a good token_file."""
    if not local_config.get('token_file'):
        raise ValueError('the authtoken filter has no token_file: add a line "token_file = ..." to its section')
    find_token = TokenTable(local_config['token_file'])
    auth_uri = local_config.get('auth_uri', global_config.get('auth_uri', '')).strip()
    return TableThenKeystone(find_token, IdentityServer(auth_uri)) if auth_uri else find_token


def filter_factory(global_config, **local_config):
    """Paste Deploy calls this; returns a function that wraps an application. ValueError without a good token_file."""
    find_token = token_finder(global_config, local_config)
    return lambda app: AuthProtocol(app, local_config, find_token)

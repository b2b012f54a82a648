"""Keystone, asked over HTTP whose a token is; what it says is remembered for a while.

    GET /v3/auth/tokens, X-Auth-Token and X-Subject-Token: the token  ->  {"token": {"user": ..., "project": ..., ...}}

Use: server = IdentityServer('http://127.0.0.1:5000/v3'); server('gAAAA...')  ->  {user, tenant, roles, more}, or None
    if Keystone does not know the token; ServiceError if it cannot be asked
Real: keystonemiddleware 1.2 keystonemiddleware/auth_token.py _IdentityServer, _TokenCache. It shows a service user's
    token beside the one it asks about; here, each token asks about itself, as anybody may.
Left out: a cache in memcached, a list of revoked tokens: one that is revoked is known here for up to CACHE_TIME more.
"""

import collections
import hashlib
import json
import threading
import time
from datetime import datetime, timezone

import urllib3

from cloud.oslo.middleware.request_id import headers_on
from cloud.oslo.utils.timeutils import CLOCK

KEYSTONES = 'gAAAA'  # how each of its tokens begins: with the version of Fernet, and four bytes of a time before 2100
CACHE_TIME = 10  # seconds
CACHE_SIZE = 1000  # tokens
LARGEST = 2**20  # bytes of an answer
LONGEST = 4096  # characters of a token
PATIENCE = urllib3.Timeout(connect=3, read=10)


class ServiceError(Exception):
    """Keystone cannot be asked now. One line, for the log."""


class IdentityServer:
    """auth_uri: Keystone's address, with /v3; clock: a function to the seconds since 1970."""

    def __init__(self, auth_uri, clock=None):
        self.url = auth_uri.rstrip('/') + '/auth/tokens?nocatalog'
        self.pool = urllib3.PoolManager(maxsize=16, timeout=PATIENCE)
        self.cache = TokenCache(clock or (lambda: time.time() + CLOCK.skipped))

    def __call__(self, token):
        if len(token) > LONGEST or not (token.isascii() and token.isprintable()):
            return None
        identity = self.cache.get(token)
        if identity is None:
            document = self.fetch(token)
            identity = None if document is None else identity_of(document)
            if identity:
                self.cache.set(token, identity, expiry(document))
        return identity

    def fetch(self, token):
        """What Keystone says a token means, a dict; None if it means nothing; ServiceError."""
        headers = {'X-Auth-Token': token, 'X-Subject-Token': token, 'Accept': 'application/json', **headers_on()}
        # A connection that Keystone has closed meanwhile is noticed when it is used: once more then.
        retries = urllib3.Retry(total=1, connect=0, redirect=0, status=0)
        try:
            answer = self.pool.request('GET', self.url, headers=headers, retries=retries, preload_content=False)
            with answer:
                body = answer.read(LARGEST)
            if answer.status in (401, 403, 404):
                return None
            if answer.status != 200:
                raise ServiceError(f'{self.url} answers {answer.status}')
            return json.loads(body)['token']
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise ServiceError(f'{self.url}: {type(error).__name__}') from None
        except (ValueError, KeyError, TypeError):
            raise ServiceError(f'{self.url} answers with no token') from None


class TokenCache:
    """The identities of some tokens, by their hash, for as long as they count; of many, those asked for last."""

    def __init__(self, clock):
        self.clock = clock
        self.lock = threading.Lock()
        self.entries = collections.OrderedDict()

    def get(self, token):
        key = digest(token)
        with self.lock:
            identity, until = self.entries.get(key, (None, 0))
            if identity is not None and self.clock() < until:
                self.entries.move_to_end(key)
                return identity
            self.entries.pop(key, None)
        return None

    def set(self, token, identity, expires):
        with self.lock:
            self.entries[digest(token)] = identity, min(expires, self.clock() + CACHE_TIME)
            while len(self.entries) > CACHE_SIZE:
                self.entries.popitem(last=False)


def digest(token):
    return hashlib.sha256(token.encode()).digest()


def identity_of(document):
    """Keystone's document as authtoken's identity; None for a token of no project, which no service here knows."""
    try:
        user, project = document['user'], document.get('project')
        if project is None:
            return None
        roles = [role['name'] for role in document['roles'] if ',' not in role['name']]  # commas are between them
        more = {
            'USER_NAME': user['name'],
            'USER_DOMAIN_ID': user['domain']['id'],
            'USER_DOMAIN_NAME': user['domain']['name'],
            'PROJECT_ID': project['id'],
            'PROJECT_NAME': project['name'],
            'PROJECT_DOMAIN_ID': project['domain']['id'],
            'PROJECT_DOMAIN_NAME': project['domain']['name'],
            'TENANT_NAME': project['name'],
        }
        return {'user': user['id'], 'tenant': project['id'], 'roles': roles, 'more': more}
    except (KeyError, TypeError, AttributeError):
        raise ServiceError('Keystone answers with a token in another form') from None


def expiry(document):
    """When the token expires, in seconds since 1970."""
    try:
        moment = datetime.strptime(document['expires_at'][:19], '%Y-%m-%dT%H:%M:%S')
    except (KeyError, TypeError, ValueError):
        raise ServiceError('Keystone answers with a token that never expires') from None
    return moment.replace(tzinfo=timezone.utc).timestamp()

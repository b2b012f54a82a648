"""What the commands here ask of a running Keystone: a token, and then this and that with it.

Use: admin = Client('http://127.0.0.1:5000/v3', 'admin', 'secret', 'admin'); admin.ask('GET', '/users')['users']
Real: python-keystoneclient keystoneclient/v3/client.py Client
Left out: all nouns; the paths are written out.
"""

import json
import urllib.error
import urllib.request

TIMEOUT = 30  # seconds
LARGEST = 2**24  # bytes of an answer
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
DEFAULT = {'id': 'default'}


class Refused(Exception):
    """Keystone says no, or nothing. One line, for the user. status: what it answers, None for no answer."""

    def __init__(self, message, status=None):
        super().__init__(message)
        self.status = status


class Client:
    """url: Keystone's, with /v3; user, password, project: by their names, in the domain default. Refused."""

    def __init__(self, url, user, password, project):
        self.url, self.headers = url.rstrip('/'), {'Content-Type': 'application/json'}
        who = {'name': user, 'domain': DEFAULT, 'password': password}
        identity = {'methods': ['password'], 'password': {'user': who}}
        scope = {'project': {'name': project, 'domain': DEFAULT}}
        headers, document = self.send(
            'POST', '/auth/tokens?nocatalog', {'auth': {'identity': identity, 'scope': scope}}
        )
        self.headers['X-Auth-Token'] = headers['X-Subject-Token']
        self.user_id, self.project_id = document['token']['user']['id'], document['token']['project']['id']

    def ask(self, method, path, body=None):
        """The answer's document, None without one."""
        return self.send(method, path, body)[1]

    def send(self, method, path, body):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, self.headers, method=method)
        try:
            with OPENER.open(request, timeout=TIMEOUT) as answer:
                return answer.headers, json.loads(answer.read(LARGEST) or b'null')
        except urllib.error.HTTPError as error:
            with error:
                raise Refused(f'Keystone at {self.url} answers {error.code} to {method} {path}', error.code) from None
        except (OSError, ValueError) as error:
            raise Refused(f'no Keystone answers at {self.url} ({error}): is "make cloud" running?') from None

    def ec2_keys(self, user_id, project_id):
        """{'access', 'secret'} of that user for that project; they are made if there are none yet."""
        path = f'/users/{user_id}/credentials/OS-EC2'
        for keys in self.ask('GET', path)['credentials']:
            if keys['tenant_id'] == project_id:
                return keys
        return self.ask('POST', path, {'tenant_id': project_id})['credential']

"""What a token means, read again: the user, the scope, the roles that the user has there now.

    token.project, token.domain, token.system: one of them is set, or none (an unscoped token)

Use: token.role_names; token.render(catalog) is the body that clients see
Real: keystone 2018.1 (Rocky) keystone/models/token_model.py TokenModel; keystone/common/render_token.py
"""

from dataclasses import dataclass, field
from datetime import datetime, timezone


@dataclass
class Token:
    """user, project, domain: dicts with id, name and their domain's; roles: dicts with id and name; times: seconds."""

    user: dict
    methods: list
    audit_ids: list
    issued_at: float
    expires_at: float
    project: dict = None
    domain: dict = None
    system: bool = False
    roles: list = field(default_factory=list)
    application_credential: dict = None

    @property
    def is_scoped(self):
        return bool(self.project or self.domain or self.system)

    @property
    def role_names(self):
        return [role['name'] for role in self.roles]

    def render(self, catalog=None):
        """The document of this token. catalog: a list, or None to leave it out."""
        body = {
            'methods': self.methods,
            'user': {**self.user, 'password_expires_at': None},
            'audit_ids': self.audit_ids,
            'expires_at': written(self.expires_at),
            'issued_at': written(self.issued_at),
            **self.scope(),
        }
        if self.is_scoped and catalog is not None:
            body['catalog'] = catalog
        if self.application_credential is not None:
            body['application_credential'] = self.application_credential
        return {'token': body}

    def scope(self):
        if self.project:
            return {'project': self.project, 'is_domain': False, 'roles': self.roles}
        if self.domain:
            return {'domain': self.domain, 'roles': self.roles}
        return {'system': {'all': True}, 'roles': self.roles} if self.system else {}


def written(seconds):
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.strftime('%Y-%m-%dT%H:%M:%S.%fZ')

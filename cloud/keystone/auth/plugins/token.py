"""By a token that one has already, to get one for another scope.

Use: Token(provider).authenticate(req, {'id': ...})  ->  (the user's id, {'parent': its Token})
Real: keystone 2014.2 keystone/auth/plugins/token.py Token
"""

from cloud.keystone import exception


class Token:
    """provider: a token.provider.Provider."""

    def __init__(self, provider):
        self.provider = provider

    def authenticate(self, req, part):
        """(user id, what the new token inherits); TokenNotFound, Forbidden."""
        token = self.provider.validate(part['id'])
        if token.application_credential is not None:
            raise exception.Forbidden('A token of an application credential is for its project alone.')
        return token.user['id'], {'parent': token}

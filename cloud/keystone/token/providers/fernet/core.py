"""A token is its meaning, encrypted and signed: whose it is, what for, from when until when.

    gAAAAAB...  <->  {"user": ..., "methods": ["password"], "audit_ids": [...], "issued": ..., "expires": ..., ...}

Only whoever has the key can write or read one, so Keystone keeps no tokens, only those that are revoked.
Use: formatter = TokenFormatter(keys.load_keys(folder)); formatter.validate_token(formatter.create_token({...}))
Real: keystone 2015.1 keystone/token/providers/fernet/token_formatters.py TokenFormatter, whose payloads are msgpack's
"""

import json

from cryptography.fernet import InvalidToken

from cloud.keystone import exception

LONGEST = 4096  # characters


class TokenFormatter:
    """crypto: a Fernet or MultiFernet."""

    def __init__(self, crypto):
        self.crypto = crypto

    def create_token(self, payload):
        """The token (text) for a dict; None in it is left out."""
        there = {name: value for name, value in payload.items() if value is not None}
        return self.crypto.encrypt(json.dumps(there, separators=(',', ':')).encode()).decode().rstrip('=')

    def validate_token(self, token):
        """The dict; TokenNotFound if none of the keys has written it. Whether it has expired is not looked at."""
        padded = token + '=' * (-len(token) % 4)
        try:
            if len(token) > LONGEST:
                raise InvalidToken
            return json.loads(self.crypto.decrypt(padded.encode('ascii')))
        except (InvalidToken, UnicodeEncodeError):
            raise exception.TokenNotFound('Could not recognize Fernet token') from None

"""Keypairs as the API sees them: what is sent is checked, and stored for one user.

Use: keypairs = KeypairAPI(db_api, quotas); keypair, private_key = keypairs.create_key_pair(context, 'alice', 'laptop')
Real: nova 2014.2 nova/compute/api.py KeypairAPI
"""

from cloud.nova import crypto, exception
from cloud.nova.db.sqlalchemy.keypairs import KeyPairTable


class KeypairAPI:
    """db_api: a Database; quotas: Quotas, whose key_pairs says how many a user may have."""

    def __init__(self, db_api, quotas):
        self.table = KeyPairTable(db_api)
        self.quotas = quotas

    def import_key_pair(self, context, user_id, name, public_key, key_type='ssh'):
        """InvalidKeypair, KeyPairExists, KeypairLimitExceeded."""
        public_key = public_key.strip()
        make = crypto.generate_x509_fingerprint if key_type == 'x509' else crypto.generate_fingerprint
        return self._store(context, user_id, name, key_type, public_key, make(public_key))

    def create_key_pair(self, context, user_id, name, key_type='ssh'):
        """(keypair, its private key, which is kept nowhere)."""
        if key_type != 'ssh':
            raise exception.InvalidKeypair(reason='only keys of type ssh are generated here: send a public_key')
        private_key, public_key, fingerprint = crypto.generate_key_pair()
        return self._store(context, user_id, name, key_type, public_key, fingerprint), private_key

    def _store(self, context, user_id, name, key_type, public_key, fingerprint):
        values = {'user_id': user_id, 'name': name, 'type': key_type}
        values.update(public_key=public_key, fingerprint=fingerprint)
        return self.table.create(values, self.quotas.limits(context.project_id)['key_pairs'])

    def get(self, user_id, name):
        return self.table.get(user_id, name)

"""Keys for logging in to instances: made here, or sent along and recognized by their fingerprint.

Use: private_key, public_key, fingerprint = generate_key_pair()
Real: nova 2014.2 nova/crypto.py generate_key_pair, generate_fingerprint, which call ssh-keygen; since 2015 a library
Left out: making certificates (type x509) for clients.
"""

import base64
import binascii
import hashlib

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from cloud.nova import exception

NO_FINGERPRINT = 'failed to generate fingerprint'


def generate_key_pair(bits=2048):
    """(private key in PEM, public key in a line, fingerprint)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    public = f'{public.decode()} Generated-by-Nova'
    return private.decode(), public, generate_fingerprint(public)


def generate_fingerprint(public_key):
    """The fingerprint of an SSH public key, MD5 in pairs of digits as ssh-keygen -E md5 prints it; InvalidKeypair."""
    try:
        serialization.load_ssh_public_key(public_key.encode())
        blob = base64.b64decode(public_key.split()[1])
    except (ValueError, IndexError, binascii.Error, UnsupportedAlgorithm):
        raise exception.InvalidKeypair(reason=NO_FINGERPRINT) from None
    return in_pairs(hashlib.md5(blob, usedforsecurity=False).hexdigest())


def generate_x509_fingerprint(pem):
    """The fingerprint of a certificate; InvalidKeypair."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        raise exception.InvalidKeypair(reason=NO_FINGERPRINT) from None
    return in_pairs(certificate.fingerprint(hashes.SHA1()).hex())


def in_pairs(digits):
    return ':'.join(digits[at : at + 2] for at in range(0, len(digits), 2))

"""Passwords: kept as what scrypt makes of them; to compare one takes as long for a user who is not there.

Use: check_password('secret', hash_password('secret'))  ->  True;  check_password('secret', None)  ->  False, as late
Real: keystone 2014.2 keystone/common/utils.py hash_password, check_password (sha512_crypt); since its release Pike
    keystone/common/password_hashing.py (bcrypt, scrypt or pbkdf2)
"""

import base64
import functools
import hashlib
import hmac
import os
import threading

ROUNDS, BLOCK, LANES = 2**14, 8, 1  # 16 MiB and some 50 ms for each
SALT = 16  # bytes
LONGEST = 4096  # bytes of a password: more are refused before anybody calculates
# Fifty who come at once must not take 50 times 16 MiB, nor all processors.
TURNS = threading.BoundedSemaphore(4)


def hash_password(password):
    """'scrypt$ROUNDS$BLOCK$LANES$SALT$HASH', text to be kept."""
    salt = os.urandom(SALT)
    digest = scrypt(password.encode(), salt, ROUNDS, BLOCK, LANES)
    return '$'.join(['scrypt', str(ROUNDS), str(BLOCK), str(LANES), to_text(salt), to_text(digest)])


def check_password(password, kept):
    """Whether the password (text) is the one; kept: what hash_password made of it, or None, which no password fits."""
    _, *numbers, salt, digest = (kept or of_nobody()).split('$')
    same = hmac.compare_digest(scrypt(password.encode(), from_text(salt), *map(int, numbers)), from_text(digest))
    return same and kept is not None


@functools.cache
def of_nobody():
    return hash_password(to_text(os.urandom(SALT)))


def scrypt(password, salt, rounds, block, lanes):
    with TURNS:
        return hashlib.scrypt(password, salt=salt, n=rounds, r=block, p=lanes, maxmem=2**26, dklen=32)


def to_text(data):
    return base64.b64encode(data).decode()


def from_text(text):
    return base64.b64decode(text)

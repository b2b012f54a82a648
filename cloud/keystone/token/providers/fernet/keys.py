"""The keys that tokens are encrypted with: a folder of files with numbers for names, the highest writes new tokens.

All of them read, so that a key can be replaced: add a file with the next number, and take the old one away once
its last token has expired. The first start makes the first key; of two at once one is quicker, both use its key.

Use: crypto = load_keys('/tmp/keys'); crypto.encrypt(b'...')
Real: keystone 2015.1 keystone/token/providers/fernet/utils.py create_key_directory, load_keys, and others
Left out: fernet_rotate, and the key 0 that all of several Keystones know before it writes.
"""

import contextlib
import os
import tempfile

from cryptography.fernet import Fernet, MultiFernet

LARGEST = 1000  # bytes of a file with a key


def load_keys(folder):
    """A MultiFernet of the folder's keys; the folder and a key are made if need be. ValueError, in one line."""
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        names = key_names(folder)
        if not names:
            create_key(os.path.join(folder, '1'))
            names = key_names(folder)
        return MultiFernet([Fernet(read(os.path.join(folder, name))) for name in names])
    except (OSError, ValueError) as error:
        raise ValueError(f'key_repository = {folder}: {error}') from None


def key_names(folder):
    """The names of the files with keys, the highest number first."""
    return sorted((name for name in os.listdir(folder) if name.isascii() and name.isdigit()), key=int, reverse=True)


def create_key(path):
    """Write a new key to the path, whole and for this user alone, unless another process is quicker."""
    with tempfile.NamedTemporaryFile(dir=os.path.dirname(path), prefix='.new-') as file:  # its mode is 0600
        file.write(Fernet.generate_key())
        file.flush()
        os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)


def read(path):
    with open(path, 'rb') as file:
        return file.read(LARGEST).strip()

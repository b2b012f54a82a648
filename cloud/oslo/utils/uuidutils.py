"""Ids: random ones, or, for repeatable runs of tests, a row of ids that is the same each time.

Use: generate_uuid()  ->  '7b4a7b4e-...';  generate_uuid(dashed=False)  ->  '7b4a7b4e...'
     seed(42): from now on the ids follow from the number; seed(None): random ones again
Real: oslo.utils 1.1 oslo_utils/uuidutils.py generate_uuid, which knows no seed
"""

import random
import uuid

ids = random.SystemRandom()


def generate_uuid(dashed=True):
    made = uuid.UUID(int=ids.getrandbits(128), version=4)
    return str(made) if dashed else made.hex


def generate_text(alphabet, length):
    """So many characters of the alphabet."""
    return ''.join(ids.choices(alphabet, k=length))


def seed(number):
    """Whoever knows the number knows all ids that follow: for tests alone."""
    global ids
    ids = random.SystemRandom() if number is None else random.Random(number)

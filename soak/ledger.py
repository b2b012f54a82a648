"""What was acknowledged, and what may be true besides, since some answers never came.

What nobody knows to be done may be done at any later moment: the service that was asked may still be at it when its
client has long lost the connection. So an uncertain value stays possible until the end.
"""

import hashlib
import threading

HOT, NEWEST = 0.4, 3  # how often it is one of the newest three that is picked, so that many meet there
YES_OR_NO = ('protected', 'tag', 'member')


class Fact:
    """A value that is set by requests. One request at a time, or the last value is anybody's guess."""

    def __init__(self, value):
        self.acknowledged, self.uncertain = value, []

    def settle(self, value, answer):
        """A request to set it had this answer."""
        if answer.is_done:
            self.acknowledged = value
        elif answer.is_unknown:
            self.uncertain.append(value)

    def __str__(self):
        return ' or '.join(map(repr, [self.acknowledged, *self.uncertain]))

    def allows(self, value):
        return value == self.acknowledged or value in self.uncertain


class Thing:
    """An image or an instance. token: its owner's; lock: for whoever sets a Fact of it."""

    def __init__(self, id, token, name):
        self.id, self.token, self.lock = id, token, threading.Lock()
        self.is_created = False  # acknowledged
        self.is_deleted = False  # acknowledged
        self.deletes = 0  # asked for, and not denied
        self.facts = {'name': Fact(name)}

    def may_be_gone(self):
        return self.deletes > 0

    def begin_delete(self):
        with self.lock:
            self.deletes += 1

    def end_delete(self, answer):
        with self.lock:
            if answer.is_done:
                self.is_deleted = True
            elif answer.is_not_done:
                self.deletes -= 1

    def fact(self, name):
        """The Fact of that name, such as `name`, or `tag a`, which is there or not. At first it is not."""
        return self.facts.setdefault(name, Fact(False if name.partition(' ')[0] in YES_OR_NO else None))


class Image(Thing):
    """digest: the acknowledged bytes' MD5, or None; tried: of all bytes that anybody has sent."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.digest, self.tried, self.was_unprotected = None, {}, False

    def begin_upload(self, data):
        digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
        self.tried[digest] = len(data)
        return digest

    def end_upload(self, digest, answer):
        """What is wrong with the answer, or None."""
        if not answer.is_done:
            return None
        with self.lock:
            before, self.digest = self.digest, digest
        return before and f'two uploads of image {self.id} were acknowledged, {before} and {digest}'


class Instance(Thing):
    """image: the Image that it was booted from, or None."""

    def __init__(self, id, token, name, image):
        super().__init__(id, token, name)
        self.image, self.is_active = image, False


class Ledger:
    """All there ever was, and what of it lives as far as is known."""

    def __init__(self):
        self.lock = threading.Lock()
        self.all = {Image: [], Instance: []}
        self.living = {Image: [], Instance: []}

    def add(self, thing):
        with self.lock:
            self.all[type(thing)].append(thing)
            self.living[type(thing)].append(thing)
        return thing

    def bury(self, thing):
        with self.lock:
            if thing in self.living[type(thing)]:
                self.living[type(thing)].remove(thing)

    def pick(self, kind, rng, condition=lambda thing: True):
        """One of the living for which the condition holds, or None."""
        with self.lock:
            found = [thing for thing in self.living[kind] if condition(thing)]
        if rng.random() < HOT:
            found = found[-NEWEST:]
        return rng.choice(found) if found else None

    def number(self, kind):
        return len(self.living[kind])

"""Faults by rule: which requests, and what becomes of them, how often.

    {"method": "POST", "path": "/v2.1/servers", "tenant": "demo", "after": 1, "times": 2, "status": 503}

The second and the third such request of demo's are answered 503. `sequence` says instead what becomes of the first, the
second, ... of them: [{"status": 503}, {}, {"drop": "after"}]; behind its end, nothing does.
What can become of one:
    status, message, headers   this answer, in the service's own form; nothing is done
    delay                      so many seconds later
    drop                       "before": the connection is closed at once; "after": it is done, and the answer is lost
Of several rules that fit, the first one that still has an effect counts; those before it count the request as seen.
Use: faults = Faults('nova'); faults.add({...}); faults.find(Request(...))  ->  (rule, effect), or None
Real: none
"""

import itertools
import re
import threading
from dataclasses import dataclass, field

from cloud.toycloud.matching import FIELDS, Match

MOST_RULES, LONGEST_SEQUENCE, LONGEST_TEXT, LONGEST_DELAY = 1000, 1000, 1000, 300
EFFECTS = ('status', 'message', 'headers', 'delay', 'drop')
COUNTS = ('after', 'times')
HEADER_NAME = re.compile("[0-9A-Za-z!#$%&'*+.^_`|~-]{1,100}")
DROPS = ('before', 'after')


class BadRule(ValueError):
    """The rule is none. One line, for the client."""


@dataclass
class Effect:
    status: int = None
    message: str = None
    headers: dict = field(default_factory=dict)
    delay: float = 0
    drop: str = None


class Rule:
    """document: as a client writes it, checked. seen: requests that it fits; hits: those that it had an effect on."""

    def __init__(self, rule_id, document):
        self.id, self.document = rule_id, document
        self.match = Match({name: document[name] for name in FIELDS if name in document})
        self.after, self.times = document.get('after', 0), document.get('times')
        self.sequence = document.get('sequence')
        self.seen = self.hits = 0

    def count(self):
        """One more request: the Effect on it, or None."""
        self.seen += 1
        number = self.seen - self.after - 1
        last = len(self.sequence) if self.sequence is not None else self.times
        if number < 0 or last is not None and number >= last:
            return None
        effect = self.document if self.sequence is None else self.sequence[number]
        effect = {name: effect[name] for name in EFFECTS if name in effect}
        if not effect:
            return None
        self.hits += 1
        return Effect(**effect)

    def view(self):
        return {'id': self.id, **self.document, 'seen': self.seen, 'hits': self.hits}


class Faults:
    """The rules of one service, in the order in which they came; for any number of threads."""

    def __init__(self, service):
        self.service, self.rules, self.numbers = service, {}, itertools.count(1)
        self.lock = threading.Lock()

    def add(self, document):
        """The Rule that the document says; BadRule."""
        check(document, self.service)
        with self.lock:
            if len(self.rules) >= MOST_RULES:
                raise BadRule(f'There are {MOST_RULES} rules: remove some first.')
            rule = Rule(f'fault-{next(self.numbers)}', document)
            self.rules = {**self.rules, rule.id: rule}  # anew, so that nobody who looks through them need wait
            return rule

    def remove(self, rule_id):
        """Whether there was such a rule."""
        with self.lock:
            rules = dict(self.rules)
            found = rules.pop(rule_id, None)
            self.rules = rules
            return found is not None

    def clear(self):
        with self.lock:
            self.rules = {}

    def find(self, request):
        """The first (rule, Effect) for this request, or None."""
        for rule in self.rules.values():
            if rule.match.fits(request):
                with self.lock:
                    effect = rule.count()
                if effect is not None:
                    return rule, effect
        return None


def check(document, service):
    if not isinstance(document, dict):
        raise BadRule('A rule is a JSON object: {"path": "/v2.1/servers", "status": 503}, for example.')
    known = ('service', *FIELDS, *COUNTS, *EFFECTS, 'sequence')
    for name in document:
        if name not in known:
            raise BadRule(f'A rule has no {name[:40]!r}: use {", ".join(known)}.')
    if document.get('service', service) != service:
        raise BadRule(f'This is {service}: give rules for another service to that one, at its own address.')
    for name in FIELDS:
        check_text(document, name)
    for name in COUNTS:
        if name in document and not is_whole(document[name], 0, 10**9):
            raise BadRule(f'{name} is a number of requests, from 0 on.')
    check_what_happens(document)


def check_what_happens(document):
    sequence = document.get('sequence')
    if sequence is None:
        return check_effect(document)
    if not isinstance(sequence, list) or not 0 < len(sequence) <= LONGEST_SEQUENCE:
        raise BadRule(f'sequence is a list of up to {LONGEST_SEQUENCE} effects, such as [{{"status": 503}}, {{}}].')
    for name in (*EFFECTS, 'times'):
        if name in document:
            raise BadRule(f'Either sequence says what happens, or {name} does: leave one of them out.')
    for effect in sequence:
        if not isinstance(effect, dict) or set(effect) - set(EFFECTS):
            raise BadRule(f'Each effect of a sequence is an object with some of {", ".join(EFFECTS)}.')
        if effect:
            check_effect(effect)
    return None


def check_effect(effect):
    if not any(name in effect for name in ('status', 'delay', 'drop')):
        raise BadRule('What shall happen? Give status, delay, drop or a sequence of these.')
    if 'status' in effect and not is_whole(effect['status'], 400, 599):
        raise BadRule('status is a number from 400 to 599.')
    check_text(effect, 'message')
    delay = effect.get('delay', 0)
    if isinstance(delay, bool) or not isinstance(delay, int | float) or not 0 <= delay <= LONGEST_DELAY:
        raise BadRule(f'delay is a number of seconds, from 0 to {LONGEST_DELAY}.')
    if effect.get('drop', 'before') not in DROPS:
        raise BadRule('drop is "before" (nothing is done) or "after" (it is done, and the answer is lost).')
    if 'drop' in effect and 'status' in effect:
        raise BadRule('An answer that is dropped has no status: leave one of them out.')
    check_headers(effect.get('headers', {}))


def check_headers(headers):
    if not isinstance(headers, dict) or not all(
        HEADER_NAME.fullmatch(name) and is_header_value(value) for name, value in headers.items()
    ):
        raise BadRule('headers is an object of names and texts: {"Retry-After": "1"}, for example.')


def is_header_value(value):
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and value.isascii() and value.isprintable()


def check_text(document, name):
    if name in document:
        text = document[name]
        if not isinstance(text, str) or not 0 < len(text) <= LONGEST_TEXT or not text.isprintable():
            raise BadRule(f'{name} is text of 1 to {LONGEST_TEXT} characters, without control characters.')


def is_whole(value, least, most):
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

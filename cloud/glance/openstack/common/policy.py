"""The language of policy rules: from a line of policy.json to yes or no.

    ""                            yes            "!"                           no
    "role:admin"                  has the role   "rule:glance_creator"         what that rule says
    "tenant:%(owner)s"            the caller's tenant is the image's owner
    "'private':%(visibility)s"    the image is private
    "not role:guest and (role:admin or role:member)"     not binds closer than and, and closer than or

Use: rules = Rules({'default': '', 'add_image': 'role:member'}); rules.allow('add_image', target, credentials)
Real: glance 2014.2 glance/openstack/common/policy.py, later the library oslo.policy

Why not oslo.policy: its Enforcer wants oslo.config's option objects and a dozen packages with it, to do what the
hundred lines below do, and this service has no CONF to give it. The lines of a policy.json mean the same in both.
Stricter here: a policy with a mistake stops the start. A broken rule, a loop, a reference to a rule or a credential
that does not exist are errors. (The library logs a broken rule and takes it as "no", and follows a loop until Python
stops it.) And None is never equal to anything. In the library a caller without a tenant and an image without an owner
match by "tenant:%(owner)s": both sides are the text 'None'.
Left out: lists of lists (the language before this one), http: checks, reading the file again when it changes.
"""

import re

CREDENTIALS = ('user', 'tenant', 'is_admin')  # what the left side of a check may name, beside role, rule and 'text'
TOKEN = re.compile(
    r"""
    [()]
    | (?: '[^']*' | "[^"]*" | [\w.-]+ ) : (?: %\(\w+\)s | [^\s()%] )+    # a check, left:right
    | [^\s()]+                                                           # and, or, not, @, !, or a mistake
    """,
    re.VERBOSE,
)
FIELD = re.compile(r'%\((\w+)\)s')


class Rules:
    """Rules by name. texts: dict of name to text; default: the name of the rule for names that are not there.

    ValueError, naming the rule, for one that cannot be understood. Without a default, what has no rule is refused.
    """

    def __init__(self, texts, default='default'):
        self.texts = texts
        self.default = default
        self.parsed = {name: self._parse(name, text) for name, text in texts.items()}
        for name in self.parsed:
            self._refuse_loops(name, ())

    def __contains__(self, name):
        return name in self.parsed

    def find(self, name):
        """The name of the rule that decides: itself, the default, or None."""
        return next((each for each in (name, self.default) if each in self.parsed), None)

    def allow(self, name, target, credentials):
        """Whether the rule says yes. target: mapping (an image's fields); credentials: roles and CREDENTIALS."""
        decisive = self.find(name)
        return decisive is not None and self.parsed[decisive].check(target, credentials, self)

    def _parse(self, name, text):
        if not isinstance(text, str):
            raise ValueError(f'rule {name} is not text: write for example "role:admin"')
        try:
            return Parser(text)
        except ValueError as error:
            raise ValueError(f'rule {name} = "{text}": {error}') from None

    def _refuse_loops(self, name, path):
        if name in path:
            raise ValueError(f'rule {name} leads back to itself: {" -> ".join((*path, name))}')
        for reference in self.parsed[name].references:
            if self.find(reference) is None:
                raise ValueError(f'rule {name} refers to rule:{reference}, which does not exist')
            self._refuse_loops(self.find(reference), (*path, name))


class Parser:
    """One rule, read by recursive descent: a method for each step of the grammar.

    either = both {"or" both}      both = one {"and" one}      one = "not" one | "(" either ")" | check

    check: the rule as a function of (target, credentials, rules); references: the rules that it asks.
    """

    def __init__(self, text):
        self.tokens = TOKEN.findall(text)
        self.references = []
        self.check = self._either() if self.tokens else always
        if self.tokens:
            raise ValueError(f'{self.tokens[0]} stands where "and" or "or" should')

    def _either(self):
        check = self._both()
        while self._takes('or'):
            check = either(check, self._both())
        return check

    def _both(self):
        check = self._one()
        while self._takes('and'):
            check = both(check, self._one())
        return check

    def _one(self):
        if self._takes('not'):
            return negation(self._one())
        if not self._takes('('):
            return self._check()
        check = self._either()
        if not self._takes(')'):
            raise ValueError('a parenthesis is not closed')
        return check

    def _takes(self, token):
        if not self.tokens or self.tokens[0].lower() != token:
            return False
        del self.tokens[0]
        return True

    def _check(self):
        token = self.tokens.pop(0) if self.tokens else 'the end'
        if token in ('@', '!'):
            return always if token == '@' else never
        left, colon, right = split(token)
        if not (left and colon and right):
            raise ValueError(f'{token} stands where a check such as role:admin should')
        if left == 'rule':
            self.references.append(right)
        elif left != 'role' and left[0] not in '\'"' and left not in CREDENTIALS:
            raise ValueError(f'{left} is not a credential: use role, rule, {", ".join(CREDENTIALS)} or quoted text')
        return checks(left, right)


def split(token):
    """(left, ':', right) of a check, where the left side may be quoted text with colons of its own."""
    if token[0] in '\'"' and token[0] in token[1:]:
        end = token.index(token[0], 1) + 1
        return token[:end], token[end : end + 1], token[end + 1 :]
    return token.partition(':')


def always(target, credentials, rules):
    return True


def never(target, credentials, rules):
    return False


def either(left, right):
    return lambda *args: left(*args) or right(*args)


def both(left, right):
    return lambda *args: left(*args) and right(*args)


def negation(check):
    return lambda *args: not check(*args)


def checks(left, right):
    """The function for the check left:right."""
    if left == 'rule':
        return lambda target, credentials, rules: rules.allow(right, target, credentials)

    def check(target, credentials, rules):
        wanted = fill(right, target)
        if wanted is None:
            return False
        if left == 'role':
            return wanted.lower() in credentials['roles']
        found = left[1:-1] if left[0] in '\'"' else credentials.get(left)
        return found is not None and str(found) == wanted

    return check


def fill(text, target):
    """The text with each %(field)s replaced by the target's; None if the target has no such field, or None in it."""
    for field in FIELD.findall(text):
        if target.get(field) is None:
            return None
    return FIELD.sub(lambda match: str(target[match.group(1)]), text)

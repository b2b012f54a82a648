"""Compare what was printed with what a document shows, and remember which ids stand for which.

Use: `Ids().match(shown, printed)`, once for each output, in the document's order.
"""

import re

UUID = r'[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
LENGTH = r'Content-Length: \d+'
VARYING = (
    r'\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT',
    r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6}|Z)',
    r'\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}',
    r'curl/\d[\d.]*',
    LENGTH,
)
DOTS = {'...\n': r'(?:[^\n]*\n)*?', '\n...': r'(?:\n.*)?', '...': '.*?'}  # a line, the last line, part of a line
PLACES = re.compile('|'.join([r'(^\.\.\.\n|\n\.\.\.\Z|\.\.\.', UUID, *VARYING]) + ')', re.MULTILINE)


class Ids:
    """Compares texts; the ids of a document, and what they stand for in this run.

    any_length: whether a Content-Length may be another one than is shown.
    """

    def __init__(self, any_length=True):
        self.real = {}  # from the document's id to this run's
        self.varying = [pattern for pattern in VARYING if any_length or pattern != LENGTH]

    def match(self, written, printed):
        """Whether the document's text is what was printed; its new ids then stand for those in their places."""
        groups = {}
        places = PLACES.split(tidy(written))
        pattern = ''.join(
            self.pattern(text, groups) if number % 2 else re.escape(text) for number, text in enumerate(places)
        )
        found = re.fullmatch(pattern, tidy(printed), re.DOTALL)
        new = {text: found[group] for text, group in groups.items()} if found else {}
        return found is not None and self.learn(new)

    def learn(self, new):
        """Whether these ids of the document can stand for those of this run; from then on they do."""
        real = {**self.real, **new}
        if len(real) != len(set(real.values())) or any(self.real.get(text, new[text]) != new[text] for text in new):
            return False
        self.real = real
        return True

    def pattern(self, text, groups):
        if text in DOTS:
            return DOTS[text]
        if not re.fullmatch(UUID, text):
            return self.kind(text) or re.escape(text)
        if text in self.real:
            return re.escape(self.real[text])
        if text in groups:
            return f'(?P={groups[text]})'
        groups[text] = f'id{len(groups)}'
        return f'(?P<{groups[text]}>{UUID})'

    def kind(self, text):
        """The pattern of what differs from run to run, if the text is such a thing: a date, a version, a length."""
        return next((pattern for pattern in self.varying if re.fullmatch(pattern, text)), None)

    def as_written(self, printed):
        """The printed text with the document's ids, as far as they are known."""
        written = {real: text for text, real in self.real.items()}
        return re.sub(UUID, lambda found: written.get(found[0], found[0]), printed)


def tidy(text):
    return '\n'.join(line.rstrip() for line in text.splitlines()).strip()

"""What reached the cloud: one Exchange for each request and its answer, one line of JSON in the student's requests.log.

Use: append(path, exchange); for exchange in read(path): ...
"""

import dataclasses
import json
import os

from workshop.files import plain_file


@dataclasses.dataclass
class Exchange:
    """A request and its answer.

    service: 'ground', 'glance', ...; path: without the query; query: dict of text; headers, answer_headers: dicts of
    text, their names in small letters; body, answer: text, or None where that is not text or has over 64 KiB;
    body_md5, answer_md5: of all their bytes; steps: what the cloud logged on the request's way, a text each.
    """

    service: str
    method: str
    path: str
    query: dict
    headers: dict
    body: str | None
    body_md5: str
    status: int
    answer_headers: dict
    answer: str | None
    answer_md5: str
    steps: list

    @property
    def json(self):
        """The answer's JSON; None if it is none."""
        try:
            return json.loads(self.answer)
        except (TypeError, ValueError):
            return None


def append(path, exchange):
    """Add a line; several processes may do so at once."""
    line = json.dumps(dataclasses.asdict(exchange)) + '\n'
    with open(path, 'ab', buffering=0, opener=plain_file) as file:  # one write: the line stays whole
        file.write(line.encode())


def read(path, last=None):
    """The Exchanges in the file; [] if there is none. A line that is not one of ours is passed over.

    last: those in so many bytes at its end. OSError if the file cannot be read.
    """
    try:
        with open(path, 'rb', opener=plain_file) as lines:
            if last:
                lines.seek(max(os.fstat(lines.fileno()).st_size - last, 0))
            return [exchange for line in lines if (exchange := parse(line))]
    except (FileNotFoundError, NotADirectoryError):
        return []


def parse(line):
    try:
        exchange = Exchange(**json.loads(line))
    except (RecursionError, TypeError, ValueError):
        return None
    return exchange if is_sound(exchange) else None


def is_sound(exchange):
    """Whether everything in it is of its kind, though somebody may have written it by hand."""
    if not all(isinstance(getattr(exchange, each.name), each.type) for each in dataclasses.fields(exchange)):
        return False
    dicts = exchange.query, exchange.headers, exchange.answer_headers
    return all(isinstance(text, str) for texts in (exchange.steps, *map(dict.values, dicts)) for text in texts)

"""What was found, and the numbers: answers by operation and status, kills, the slowest answers.

Under a finding stands the story of the image or instance that it is about: what was asked of it, and when what died.
"""

import heapq
import re
import threading
import time
from collections import Counter
from typing import NamedTuple

SHOWN = 5  # findings of one kind, and slowest answers
STORY = 15  # lines of one story, the last ones
UUID = re.compile('[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}')


class Event(NamedTuple):
    """From and to: seconds from the start; ids: of what it was about, None for a kill."""

    begin: float
    end: float
    ids: list
    text: str

    def is_during(self, other):
        return other.begin - 0.1 <= self.begin <= other.end + 0.1


class Report:
    """For any number of threads. findings: {kind: [text]}."""

    def __init__(self):
        self.lock = threading.Lock()
        self.findings, self.counts, self.kills, self.notes = {}, Counter(), Counter(), []
        self.slowest, self.started, self.events = [], time.monotonic(), []

    def found(self, kind, text):
        with self.lock:
            self.findings.setdefault(kind, []).append(text)

    def answered(self, operation, status, seconds, request):
        """request: text with the ids that it was about."""
        now = self.now()
        with self.lock:
            self.counts[operation, str(status)] += 1
            self.events.append(Event(now - seconds, now, UUID.findall(request), f'{operation}: {status}'))
            heapq.heappush(self.slowest, (seconds, operation, str(status)))
            if len(self.slowest) > SHOWN:
                heapq.heappop(self.slowest)

    def killed(self, name):
        with self.lock:
            self.kills[name] += 1
            self.events.append(Event(self.now(), self.now(), None, f'kill -9 {name}'))

    def now(self):
        return time.monotonic() - self.started

    def story(self, text):
        """Lines: what was asked of what has its id in the text, and the kills in the middle of that."""
        ids = set(UUID.findall(text))
        asked = [event for event in self.events if ids.intersection(event.ids or ())]
        kills = [event for event in self.events if event.ids is None and any(map(event.is_during, asked))]
        told = sorted(asked + kills, key=lambda event: event.end)[-STORY:]
        return [f'{event.begin:8.2f} to {event.end:.2f} s: {event.text}' for event in told]

    def say(self, text):
        self.notes.append(text)

    def tracebacks(self, folder):
        """Say how many there are in the logs. None was answered to anybody, so they are no finding."""
        for log in sorted(folder.glob('*.log')):
            number = log.read_text(errors='replace').count('Traceback (most recent call last)')
            self.say(f'{log.name}: {number} tracebacks')

    def print(self):
        operations = sorted({operation for operation, _status in self.counts})
        for operation in operations:
            statuses = sorted((status, number) for (name, status), number in self.counts.items() if name == operation)
            print(f'{operation:20}', '  '.join(f'{status}: {number}' for status, number in statuses))
        print('answers:', sum(self.counts.values()))
        print('kills:', ', '.join(f'{name} {number}' for name, number in sorted(self.kills.items())) or 'none')
        slowest = [f'{seconds:.1f} s {operation} {status}' for seconds, operation, status in sorted(self.slowest)]
        print('slowest:', '; '.join(slowest[::-1]))
        for note in self.notes:
            print(note)
        for kind, texts in sorted(self.findings.items()):
            print(f'FOUND {kind}: {len(texts)}')
            for text in texts[:SHOWN]:
                print(f'    {text}', *self.story(text), sep='\n        ')
        print('soak: nothing found' if not self.findings else 'soak: see FOUND above', flush=True)

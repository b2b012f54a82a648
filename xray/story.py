"""One story over many processes: what each service did for a request, nested under the step that asked it.

    nova-api POST /instances -> job -> http HEAD /v1/images/ID -> glance-api -> http GET /images/ID -> glance-registry

A step that asked another service has the id of that service's own recording; the global id says that more belongs to
it, such as a request whose caller gave up before it had the answer.
Use: whole = tell(store, 'req-...')
Real: none; osprofiler osprofiler/drivers/base.py get_report builds such a tree from spans
"""

MOST_STEPS = 10000  # of a story


def tell(store, request_id):
    """The request's document with the steps of all that it caused; None if there is no such request."""
    document = store.get(request_id)
    if document is None:
        return None
    teller = Teller(store)
    teller.tell(document, None, 0, 0)
    strangers = teller.strangers(document)
    for child in strangers:
        teller.tell(child, 0, 1, offset(document, child))
    kept = teller.steps[:MOST_STEPS]
    return {
        **document,
        'steps': kept,
        'children': [each for each in teller.told if each != request_id],
        'steps_total': len(teller.steps) + teller.left_out,
        'steps_left_out': teller.left_out + len(teller.steps) - len(kept),
    }


class Teller:
    """steps: of all, numbered anew; told: the ids of the requests that they are from."""

    def __init__(self, store):
        self.store = store
        self.steps, self.told, self.left_out = [], [], 0
        self.summaries = store.summaries()

    def tell(self, document, parent, depth, start):
        """Append the document's steps below the step of number `parent`. start: microseconds after the story's."""
        self.told.append(document['id'])
        self.left_out += document['steps_left_out']
        new = {}  # number in the document -> number in the story
        inside = inner_steps(document['steps'])
        self.append(document, inside, inside.get(None, []), new, parent, depth, start)

    def append(self, document, inside, steps, new, parent, depth, start):
        waiting = [(step, parent, depth) for step in reversed(steps)]
        while waiting:
            step, parent, depth = waiting.pop()
            number = new[step['n']] = len(self.steps)
            told = {**step, 'n': number, 'parent': parent, 'depth': depth, 'start_us': step['start_us'] + start}
            self.steps.append({**told, 'request': document['id']})
            waiting += [(inner, number, depth + 1) for inner in reversed(inside.get(step['n'], ()))]
            asked = (step['http'] or {}).get('request_id')
            child = self.store.get(asked) if asked and asked not in self.told and depth < 400 else None
            if step['landmark'] == 'rpc':
                child = self.message(step['label'].rpartition(' ')[2], document)
            if child is not None and len(self.told) < 100:
                self.tell(child, number, depth + 1, told['start_us'])

    def message(self, method, document):
        """What another process did for this message; each message is told once."""
        for summary in reversed(self.summaries):
            is_for = (
                summary['method'] == 'RPC' and summary['path'] == method and summary['service'] != document['service']
            )
            if is_for and summary['global_id'] == document['global_id'] and summary['id'] not in self.told:
                return self.store.get(summary['id'])
        return None

    def strangers(self, document):
        """What has the same global id, and no step that asked for it: the answer did not come back."""
        if document['global_id'] != document['id']:
            return []
        ids = [
            summary['id']
            for summary in reversed(self.summaries)
            if summary.get('global_id') == document['id'] and summary['id'] not in self.told
        ]
        asked = {child for summary in self.summaries for child in summary.get('children', ())}
        found = (self.store.get(each) for each in ids if each not in asked)
        return [each for each in found if each is not None]


def inner_steps(steps):
    """{number of a step: the steps inside it}; those of None are the outermost."""
    inside = {}
    for step in steps:
        inside.setdefault(step['parent'], []).append(step)
    return inside


def offset(document, child):
    """Microseconds from the one's beginning to the other's."""
    from datetime import datetime

    first, second = (datetime.fromisoformat(each['started']) for each in (document, child))
    return max(0, int((second - first).total_seconds() * 1e6))


def with_parents(summaries):
    """The summaries, each with the request that really asked for it as its parent, as far as that is known."""
    asked_by = {child: summary['id'] for summary in summaries for child in summary.get('children', ())}
    return [{**each, 'parent': asked_by.get(each['id'], each['parent'])} for each in summaries]

"""Two requests side by side: which steps are the same, and the first one that differs.

Use: compare(left, right)  ->  {"first_difference": {"left": n, "right": n}, "pairs": [[n, n], [n, None], ...]}
Real: none
"""

import difflib

TELLING = {'True', 'False', 'None'}  # results in which two requests can be told apart; ids and times always differ


def compare(left, right):
    """left, right: documents, with their steps."""
    pairs = list(pair_up(left['steps'], right['steps']))
    first = next((pair for pair in pairs if differs(*pair)), None)
    numbers = [[step and step['n'] for step in pair] for pair in pairs]
    return {
        'first_difference': first and {side: step and step['n'] for side, step in zip(('left', 'right'), first)},
        'pairs': numbers,
    }


def pair_up(left, right):
    keys = [[key_of(step) for step in steps] for steps in (left, right)]
    matcher = difflib.SequenceMatcher(None, *keys, autojunk=max(map(len, keys)) > 1500)
    for kind, start, end, right_start, right_end in matcher.get_opcodes():
        if kind == 'equal':
            yield from zip(left[start:end], right[right_start:right_end])
        else:
            yield from ((step, None) for step in left[start:end])
            yield from ((None, step) for step in right[right_start:right_end])


def key_of(step):
    """What a step is, whatever it was given. A path has ids in it, so a root and a hop are told by less."""
    if step['landmark'] in ('server', 'http'):
        return step['service'], step['landmark'], (step['http'] or {}).get('method')
    return step['service'], step['landmark'], step['name'], step['depth']


def differs(left, right):
    if left is None or right is None:
        return True
    if left['refused'] != right['refused'] or (left['exception'] or {}).get('type') != (right['exception'] or {}).get(
        'type'
    ):
        return True
    if (left['http'] or {}).get('status') != (right['http'] or {}).get('status'):
        return True
    return left['result'] != right['result'] and {left['result'], right['result']} <= TELLING

"""Who refused? The step at which a request's way inwards ended, and the words of it.

Where an exception became the answer, it is the innermost step that the exception ended: there it was raised. Where
there was none, the innermost application answered by itself.

Use: step = refusing_step(recording);  word_of(step) -> 'auth', 'policy', 'quota', ...
Real: none
"""

import json

from xray.landmarks import shown_path

RULES = ('authorization', 'property_protections', 'property_utils', 'notifier', 'policy', 'quota', 'location', 'schema')
APPLICATIONS = ('filter', 'router', 'dispatch')


def refusing_step(recording, answer=None):
    """The Step, or None where no step of the project's says no. answer: the body (bytes) that the client got."""
    steps = list(recording.steps)
    ended = [step for step in steps if step.raised and step is not recording.root]
    outermost = [step for step in ended if not step.parent.raised or step.parent is recording.root]
    if outermost:
        words = message_in(answer)
        # Others were raised and handled on the way: it is the one whose words the client got, or else the last.
        told = [step for step in ended if words and step.error and step.error['message'] == words]
        step = max((outermost_of(step) for step in told), key=end_of) if told else max(outermost, key=end_of)
        while inner := [inner for inner in steps if inner.parent is step and inner.raised]:
            step = max(inner, key=end_of)
        return step
    return next((step for step in reversed(steps) if step.landmark in APPLICATIONS), None)


def outermost_of(step):
    while step.parent.raised and step.parent.parent is not None:
        step = step.parent
    return step


def end_of(step):
    return step.end or 0


def place_of(step, recording):
    """{"file", "line"}: the line that refused, as exactly as it is known; None where no step did."""
    if step is None or step.info is None:
        return None
    if step.error and step.error.get('line'):
        return {'file': step.info.file, 'line': step.error['line']}
    faults = [inner for inner in recording.steps if inner.called and is_inside(inner, step)]
    if faults:  # the outermost of the last ones: `unknown` calls `fault`
        last = faults[-1]
        while last.parent is not step and last.parent.called:
            last = last.parent
        return {'file': shown_path(last.called[0]), 'line': last.called[1]}
    return {'file': step.info.file, 'line': step.info.line}


def is_inside(step, outer):
    while step is not None and step is not outer:
        step = step.parent
    return step is outer


def filter_name(step, names):
    """The filter's name in the ini, else the class's. names: as house.names_of gives them."""
    own = step.label.partition(' ')[2]
    return names.get((step.info.module, own)) or names.get((step.info.module, None)) or own


def word_of(step, names=None):
    """One word for who refused. names: as house.names_of gives them."""
    inner = step
    while step is not None:
        if step.landmark == 'filter':
            return filter_name(step, names or {})
        if step.landmark == 'layer':
            return step.label.partition(' ')[0]
        if step.info and 'Deserializer' in step.info.name:
            return 'deserializer'
        if step.landmark in ('router', 'action', 'store', 'dispatch'):
            return step.landmark if step.landmark != 'store' else step.label.partition(':')[0]
        if step.info and (last := step.info.module.rpartition('.')[2]) in RULES:
            return last
        step = step.parent
    return inner.landmark or inner.label


def rule_of(step, answer):
    """The refusal in words: those that the client got, or the exception's."""
    message = message_in(answer)
    return message or (step.error or {}).get('message') or None


def message_in(answer):
    """The message in a fault's body, {"itemNotFound": {"code": 404, "message": ...}}, or None."""
    if not isinstance(answer, bytes) or not answer.startswith(b'{'):
        return None
    try:
        ((_, fault),) = json.loads(answer).items()
        return str(fault['message'])
    except (ValueError, TypeError, LookupError, RecursionError):
        return None

"""The walk of a request as lines of text: one a step, indented, on the way in and on the way out.

    req-9ad2...  GET /instances  403 by auth  0.4 ms  ground-floor
    -> filter auth                                           auth.py:34
       -- fault(code=403)  = <Response 403 Forbidden>        wsgi.py:49
    <- filter auth  REFUSES: The token in X-Auth-Token is wrong ...

Use: for line in walk(document): print(line)
Real: none
"""

from cloud.oslo.log.formatters import printable

COLOURS = {
    'server': '1', 'filter': '36', 'router': '35', 'dispatch': '35', 'action': '32', 'layer': '33', 'store': '34',
    'sql': '34', 'file': '34', 'http': '1;36', 'rpc': '1;36', 'job': '1;32', None: '2', 'refused': '1;31',
}  # fmt: skip
WIDE = 150  # characters of a line


def summary_line(summary, colour=False):
    status = summary['status'] if summary['status'] is not None else '...'
    by = f' by {summary["refused_by"]}' if summary['refused_by'] else ''
    took = f'  {milliseconds(summary["duration_us"])}' if summary['duration_us'] is not None else ''
    query = f'?{summary["query"]}' if summary['query'] else ''
    who = f'  {summary["user"]}' if summary['user'] else ''
    text = (
        f'{summary["id"]}  {summary["method"]} {summary["path"]}{query}  {status}{by}{took}  {summary["service"]}{who}'
    )
    return paint(text, 'refused' if (summary['status'] or 0) >= 400 else 'server', colour)


def walk(document, everything=False, colour=False):
    """Lines. everything: with the calls that fold under the landmarks, too."""
    yield summary_line(document, colour)
    steps = document['steps']
    shown = {step['n']: step for step in steps if everything or step['landmark'] or step['refused']}
    level, around = {}, []
    for step in shown.values():
        outer = parent_of(step, steps, shown)
        while around and around[-1]['n'] != outer:
            yield from way_out(around.pop(), level, document, colour)
        level[step['n']] = len(around)
        yield line(step, '->', level, document, colour)
        around.append({**step, 'last': len(level)})
    while around:
        yield from way_out(around.pop(), level, document, colour)
    if document['steps_left_out']:
        yield paint(f'{document["steps_left_out"]} of {document["steps_total"]} steps are left out.', None, colour)


def parent_of(step, steps, shown):
    """The number of the innermost shown step around this one."""
    number = step['parent']
    while number is not None and number not in shown:
        number = steps[number]['parent']
    return number


def way_out(step, level, document, colour):
    """The line that says how a step ended, unless nothing was seen within it and nothing came of it."""
    has_inner = step['last'] != len(level)
    if has_inner or step['result'] or step['exception'] or step['refused']:
        yield line(step, '<-', level, document, colour)


def line(step, arrow, level, document, colour):
    indent = '   ' * min(level[step['n']], 20)
    if arrow == '->':
        given = ', '.join(f'{name}={value}' for name, value in step['arguments'].items())
        told = (
            f'{step["label"]}({given})'
            if given and not step['landmark']
            else step['label'] + (f'  {given}' if given else '')
        )
        place = f'  {step["file"]}:{step["line"]}' if step['file'] else ''
        if step['sql'] and step['sql']['statement'] != step['label']:
            told += f'  {step["sql"]["statement"]}'
    else:
        told, place = step['label'] + outcome(step, document), f'  {milliseconds(step["duration_us"])}'
    service = f'[{step["service"]}] ' if step['landmark'] == 'server' else ''
    text = f'{indent}{arrow} {service}{printable(" ".join(told.split()))}'
    room = WIDE - len(place)
    text = text if len(text) <= room else text[: room - 3] + '...'
    return paint(text, 'refused' if step['refused'] and arrow == '<-' else step['landmark'], colour) + paint(
        place, None, colour
    )


def outcome(step, document):
    if step['refused']:
        return f'  REFUSES: {document["refusal"] or document["status"]}'
    if step['exception']:
        return f'  raises {step["exception"]["type"]}: {step["exception"]["message"]}'
    return f'  = {step["result"]}' if step['result'] else ''


def milliseconds(microseconds):
    return '...' if microseconds is None else f'{microseconds / 1000:.1f} ms'


def paint(text, kind, colour):
    return f'\033[{COLOURS.get(kind, "0")}m{text}\033[0m' if colour and text else text


def difference(left, right, pairs, first, colour=False):
    """Two walks side by side, landmarks only, from the first difference on marked."""
    sides = [{step['n']: step for step in document['steps']} for document in (left, right)]
    for pair in pairs:
        steps = [side.get(number) for side, number in zip(sides, pair)]
        is_first = first is not None and pair == [first['left'], first['right']]
        if is_first or any(step and step['landmark'] for step in steps):
            cells = [cell(step) for step in steps]
            mark = '>' if is_first else '|' if all(steps) else '*'
            yield paint(
                f'{cells[0]:<70.70} {mark} {cells[1]:.70}',
                'refused' if mark != '|' else 'server',
                colour and mark != '|',
            )


def cell(step):
    if step is None:
        return ''
    end = '  REFUSES' if step['refused'] else f'  raises {step["exception"]["type"]}' if step['exception'] else ''
    return '  ' * min(step['depth'], 10) + step['label'] + end

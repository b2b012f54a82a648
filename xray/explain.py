"""A refusal in plain words: which layer, which rule, line or option decided, what was sent, what would have passed.

The message says most of it: in this project, what to do stands behind its colon. The rest is read from the recording
(who raised it, in which layer, with which arguments), from the source at that line, and from the ini.
Use: explain(document, house)  ->  {"status", "layer", "rule", "where", "decided_by", "sent", "would_pass", "words"}
Real: none
"""

import json
import os
import re

from xray.sites import site_at

WOULD_PASS = {
    400: 'a request in which this is right',
    401: 'a request with a token that the service knows, in the header X-Auth-Token',
    403: 'the same request by a caller who may do this',
    404: 'the id of one that exists and that the caller may see: the list shows those',
    405: 'one of the methods that the header Allow names',
    409: 'the same request at a time when the state allows it: look at the state again, then send it',
    410: 'another place: this one takes or has it no more',
    413: 'no more than the limit',
    415: 'a Content-Type that is taken here',
    416: 'a range within the data',
    501: 'one of the methods that the service has',
    503: 'the same request later, when what the service needs can be reached',
}
FAILS = 'nothing that the client could change: the service failed, and its log has the traceback of this id'
UNTOLD = {
    'context',
    'environ',
    'req',
    'request',
    'error',
    'message',
    'connection',
    'start_response',
    'response',
    'target',
}
KINDS = {
    'layer': 'layer',
    'dispatch': 'dispatch',
    'filter': 'filter',
    'action': 'action',
    'router': 'router',
    'store': 'store',
}


def explain(document, house=None, find=lambda request_id: None):
    """document: a request's; house: its service's plan; find(id): another recorded request's document, or None."""
    if (document['status'] or 0) < 400:
        return told(document, words=[f'The request was answered {document["status"]}: nothing refused it.'])
    refusal = Refusal(document, house or {})
    elsewhere = refusal.elsewhere()
    inner = find(elsewhere['request_id']) if elsewhere and elsewhere.get('request_id') else None
    if inner is not None and (inner['status'] or 0) >= 400:
        return refusal.after(explain(inner, find_house(house, inner), find), inner)
    return refusal.told()


def find_house(house, document):
    return (house or {}).get('others', {}).get(document['service'])


def told(document, **parts):
    empty = dict.fromkeys(('layer', 'rule', 'where', 'decided_by', 'sent', 'would_pass'))
    return {'status': document['status'], **empty, **parts}


class Refusal:
    """The refusal in a document. step: the one that refused, or None; chain: it and those around it, to a landmark."""

    def __init__(self, document, house):
        self.document, self.house = document, house
        self.status = document['status']
        self.steps = {step['n']: step for step in document['steps']}
        self.step = next((step for step in document['steps'] if step['refused']), None)
        self.chain = list(self.outwards())
        self.where = document.get('where') or (
            {'file': self.step['file'], 'line': self.step['line']} if self.step and self.step['file'] else None
        )
        self.site = site_at(self.where['file'], self.where['line']) if self.where else None
        self.rule = document['refusal'] or f'{self.status}'

    def outwards(self):
        step = self.step
        while step is not None:
            yield step
            if step['landmark'] in KINDS:
                return
            step = self.steps.get(step['parent'])

    def told(self):
        decided, sent, passes = self.decided_by(), self.sent(), self.would_pass()
        words = [
            f'{self.document["service"]} answered {self.status} to {self.document["method"]} {self.document["path"]}.',
            self.by_whom(),
            f'It says: {self.rule}',
            f'Decided by {decided}.',
            f'Sent: {sent}.',
            f'What would have passed: {passes}.',
        ]
        return told(
            self.document, layer=self.document['refused_by'], rule=self.rule, where=self.where, decided_by=decided,
            sent=sent, would_pass=passes, words=words,
        )  # fmt: skip

    def after(self, inner, document):
        """The explanation where another service refused first: its own, in the words of this one's caller."""
        first = (
            f'{self.document["service"]} answered {self.status}, since {document["service"]} had refused what it asked.'
        )
        return {
            **inner,
            'status': self.status,
            'layer': f'{document["service"]}: {inner["layer"]}',
            'words': [first, *inner['words']],
        }

    def elsewhere(self):
        """The HTTP request of this one that was refused, below the step that then refused, or None."""
        last = [step for step in self.document['steps'] if step['http'] and (step['http'].get('status') or 0) >= 400]
        if not last or self.step is None or self.step['landmark'] == 'filter':
            return None
        return last[-1]['http'] if last[-1]['n'] >= self.chain[-1]['n'] else None

    def by_whom(self):
        around = self.chain[-1] if self.chain else None
        where = f' ({self.where["file"]}, line {self.where["line"]})' if self.where else ''
        if around is None:
            return f'No step of the project says so{where}.'
        kind = KINDS.get(around['landmark'])
        who = (
            f'The {kind} {self.document["refused_by"]}'
            if kind and kind != self.document['refused_by']
            else f'The {kind or "step"}'
        )
        inside = f', in {self.step["name"]}' if self.step is not around else f', {around["name"]}'
        return f'{who} refused it{inside}{where}.'

    def decided_by(self):
        return (
            self.policy()
            or self.option()
            or self.section()
            or self.routes()
            or self.limit()
            or self.condition()
            or self.code()
        )

    def policy(self):
        for step in self.chain:
            action = step['arguments'].get('action')
            if step['module'] == 'cloud.glance.api.policy' and action:
                action = action.strip('"\'')
                rule = self.rules().get(action, self.rules().get('default'))
                file = os.path.basename(self.options().get('policy_file', 'policy.json'))
                return f'{file}: "{action}": "{rule}"' if rule is not None else f'{file}: "{action}"'
        return None

    def rules(self):
        try:
            with open(self.options()['policy_file'], encoding='utf-8') as file:
                return json.load(file)
        except (KeyError, OSError, ValueError):
            return {}

    def options(self):
        return self.house.get('options', {})

    def option(self):
        """An option that the innermost function on the way mentions, of those that mention any."""
        known = {name for name in self.options() if name not in ('here', '__file__')}
        sites = [self.site] + [site_at(step['file'], step['line'] + 1) for step in self.chain if step['file']]
        for site in sites:
            if site is not None and (found := sorted(known & site.names)):
                ini = self.house.get('ini') or 'the ini'
                return ' and '.join(f'option {name} = {self.options()[name]}' for name in found[:2]) + f' in {ini}'
        return None

    def section(self):
        """The filter's own section of the ini."""
        if not self.chain or self.chain[-1]['landmark'] != 'filter':
            return None
        name = self.document['refused_by']
        settings = {
            key: value for key, value in self.house.get('sections', {}).get(name, {}).items() if 'factory' not in key
        }
        shown = ', '.join(f'{key} = {value}' for key, value in settings.items())
        ini = self.house.get('ini') or 'the ini'
        return f'[filter:{name}] of {ini}' + (f' ({shown})' if shown else '') + self.line_too()

    def line_too(self):
        return f', where {self.site.condition}' if self.site and self.site.condition else ''

    def routes(self):
        if self.step and self.step['landmark'] == 'router' or (self.step and self.step['name'].startswith('routers.')):
            return f'the table of routes of {self.chain[-1]["name"].rpartition(".")[0] or self.step["module"]}'
        return None

    def limit(self):
        if self.site and self.site.constants:
            named = self.site.asked & set(self.site.constants) or set(self.site.constants)
            shown = ' and '.join(f'{name} = {self.site.constants[name]}' for name in sorted(named)[:2])
            return f'{shown} in {self.where["file"]}{self.line_too()}'
        return None

    def condition(self):
        return (
            f'line {self.where["line"]} of {self.where["file"]}: {self.site.condition}'
            if self.site and self.site.condition
            else None
        )

    def code(self):
        if self.step is None:
            return 'the service'
        function = f' ({self.site.function})' if self.site and self.site.function else ''
        return f'{self.step["name"]}{function}'

    def sent(self):
        """The arguments that the condition asks about, else what the request brought."""
        if self.status in (401, 403) and self.chain and self.chain[-1]['landmark'] == 'filter':
            token = self.document['request']['headers'].get('X-Auth-Token')
            return 'a token that is not known here (X-Auth-Token: ***)' if token else 'no header X-Auth-Token'
        asked = (self.site.asked if self.site else set()) - UNTOLD
        for step in self.chain:
            values = {name: value for name, value in step['arguments'].items() if name in asked}
            if values:
                return ', '.join(f'{name} = {value}' for name, value in values.items())
        if self.policy():
            return f'{self.chain[0]["arguments"].get("action")} by {self.chain[0]["arguments"].get("context")}'
        told = {
            name: value for name, value in (self.step or {'arguments': {}})['arguments'].items() if name not in UNTOLD
        }
        if told and self.status not in (404, 405):
            return ', '.join(f'{name} = {value}' for name, value in told.items())
        body = self.document['request']['body']
        query = f'?{self.document["query"]}' if self.document['query'] else ''
        return f'{self.document["method"]} {self.document["path"]}{query}' + (
            f' with the body {body[:300]}' if body else ''
        )

    def would_pass(self):
        if self.policy() and self.status == 403:
            rule = self.decided_by().partition(': ')[2].partition(': ')[2]
            return f'the same request by a caller for whom the rule {rule} holds' if rule else WOULD_PASS[403]
        advice = re.split(r': (?=\D)', self.rule, maxsplit=1)
        if len(advice) == 2 and len(advice[1]) > 3:
            return advice[1].rstrip('.')
        allowed = self.document['response']['headers'].get('Allow')
        if self.status == 405 and allowed:
            return f'one of the methods {allowed}'
        if self.status >= 500 and self.status not in WOULD_PASS:
            return FAILS
        general = WOULD_PASS.get(self.status, 'another request')
        condition = self.site.condition if self.site else None
        is_ours = condition and self.status in (400, 403, 409, 413)
        return f'a request for which this does not hold: {condition}' if is_ours else general


def house_with_others(houses, service):
    """The plan of the service's house, with those of all others in it."""
    by_name = {house['name']: house for house in houses}
    own = by_name.get(service, {})
    return {**own, 'others': by_name}

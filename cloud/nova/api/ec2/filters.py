"""Filters of EC2's lists: of what is shown, that remains which has one of the values, for each of the filters.

    Filter.1.Name=instance-state-name&Filter.1.Value.1=run*  ->  those whose instanceState.name begins with run

Use: apply([{'name': 'name', 'value': ['cirros']}], views, {'name': 'name'})
Real: none; nova 2014.2 nova/api/ec2/cloud.py knows filters by tags alone
"""

import re

from cloud.nova.api.ec2.apirequest import BadRequest


def apply(wanted, views, known):
    """The views (dicts) that all filters let through. known: from a filter's name to where its value is in a view."""
    for each in wanted:
        if not isinstance(each, dict) or not isinstance(each.get('name'), str):
            raise BadRequest('InvalidParameterValue', 'A filter has no name: send Filter.1.Name and Filter.1.Value.1.')
        if each['name'] not in known:
            raise BadRequest(
                'InvalidParameterValue', f"The filter '{each['name']}' is invalid: send {', '.join(known)}."
            )
        values = each.get('value') or []
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise BadRequest('InvalidParameterValue', 'The values of a filter are Filter.1.Value.1 and so on.')
        patterns = [pattern(value) for value in values]
        views = [view for view in views if is_like(dig(view, known[each['name']]), patterns)]
    return views


def pattern(text):
    """A compiled expression in which * stands for anything, and ? for a character."""
    text = re.sub(r'\*+', '*', text)
    return re.compile(re.escape(text).replace(r'\*', '.*').replace(r'\?', '.'), re.DOTALL)


def is_like(value, patterns):
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return value is not None and any(each.fullmatch(text) for each in patterns)


def dig(view, path):
    for name in path.split('.'):
        view = view.get(name) if isinstance(view, dict) else None
    return view

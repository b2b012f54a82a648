"""One request to EC2's API: a query in, XML out.

    Action=DescribeImages&ImageId.1=ami-00000001  ->  controller.describe_images(context, image_id=['ami-00000001'])
    Filter.1.Name=name&Filter.1.Value.1=cirros    ->  filter=[{'name': 'name', 'value': ['cirros']}]
    {'imagesSet': [{'imageId': 'ami-1'}]}  ->  <imagesSet><item><imageId>ami-1</imageId></item></imagesSet>

Use: APIRequest(controller, {'Action': 'DescribeImages'}).invoke(context, request_id)
Real: nova 2013-04 (c8067d1b70) nova/api/ec2/apirequest.py APIRequest. It calls whichever method of the controller an
    Action is the name of, and leaves out of account what that has no argument for.
"""

import re
from xml.etree import ElementTree

from cloud.nova import exception, policy

VERSION = '2010-08-31'
# What clients of Amazon's send along, and here says nothing: the filter has read it (auth.py).
IGNORED = ('AWSAccessKeyId', 'Signature', 'SignatureMethod', 'SignatureVersion', 'Timestamp', 'Expires')
PRESIGNED = 'X-Amz-'
# What changes something needs the right that the compute API asks for, too.
POLICIES = {
    'RunInstances': 'servers:create',
    'TerminateInstances': 'servers:delete',
    'StopInstances': 'servers:stop',
    'StartInstances': 'servers:start',
    'RebootInstances': 'servers:reboot',
}
# What may follow an argument's name: nothing; a number; numbers and names, each behind a dot.
TEXT, LIST, TREE = '', '[0-9]{1,9}', r'[A-Za-z0-9]{1,64}(\.[A-Za-z0-9]{1,64}){0,4}'
MAX_ITEMS = 100  # in a numbered argument
NOT_XML = re.compile('[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]')


class BadRequest(exception.Invalid):
    """EC2's own errors about the query as such. ec2_code: its name for it."""

    def __init__(self, ec2_code, message):
        super().__init__(message)
        self.ec2_code = ec2_code


class APIRequest:
    """controller: an Executor; query: text by name. BadRequest if it asks for nothing that the controller has."""

    def __init__(self, controller, query):
        args = {name: value for name, value in query.items() if name not in IGNORED and not name.startswith(PRESIGNED)}
        self.action, self.version = args.pop('Action', None), args.pop('Version', VERSION)
        if self.action not in controller.actions:
            code, actions = 'InvalidAction' if self.action else 'MissingAction', ', '.join(controller.actions)
            raise BadRequest(code, f'Action is {self.action or "missing"}: send one of {actions}.')
        if not re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2}', self.version):
            raise BadRequest('NoSuchVersion', f'Version is {self.version}: send a day, such as {VERSION}.')
        self.method = getattr(controller, controller.actions[self.action])
        self.args = read_args(args, controller.arguments[self.action])

    def invoke(self, context, request_id):
        """The answer, as an Element; PolicyNotAuthorized."""
        if self.action in POLICIES:
            policy.enforce(context, policy.V21 + POLICIES[self.action])
        answer = render(f'{self.action}Response', {'requestId': request_id, **self.method(context, **self.args)})
        answer.set('xmlns', f'http://ec2.amazonaws.com/doc/{self.version}/')
        return answer


def read_args(args, known):
    """{'image_id': ['ami-1', 'ami-2']} out of {'ImageId.1': 'ami-1', 'ImageId.2': 'ami-2'}; only names in known.

    known: from an argument's name to what may follow it: TEXT, LIST or TREE.
    """
    found = {}
    for name, value in args.items():
        word, dot, rest = name.partition('.')
        if word not in known or not re.fullmatch(known[word], rest) or dot and not rest:
            names = ', '.join(f'{word}.1' if known[word] else word for word in known)
            raise BadRequest('UnknownParameter', f'{name} is not known here: send {names} and so on.')
        put(found, [word, *rest.split('.')] if rest else [word], value)
    return {underscored(word): tidy(word, value) for word, value in found.items()}


def put(tree, path, value):
    """Store a value at a path of names in dicts of dicts."""
    for part in path[:-1]:
        tree = tree.setdefault(part, {})
        if not isinstance(tree, dict):
            break
    if not isinstance(tree, dict) or isinstance(tree.get(path[-1]), dict):
        raise BadRequest('InvalidParameterCombination', f'{".".join(path)} is a value, and has values in it: send one.')
    tree[path[-1]] = value


def tidy(word, value):
    """Dicts whose names are numbers become lists, in the numbers' order; other names are written as Python's."""
    if not isinstance(value, dict):
        return value
    if len(value) > MAX_ITEMS:
        raise BadRequest('InvalidParameterValue', f'There are {len(value)} of {word}: send at most {MAX_ITEMS}.')
    if all(name.isdigit() for name in value):
        return [tidy(word, item) for _, item in sorted(value.items(), key=lambda pair: int(pair[0]))]
    return {underscored(name): tidy(name, item) for name, item in value.items()}


def underscored(name):
    """image_id for ImageId."""
    return re.sub('(?<=[a-z])([A-Z])', r'_\1', name).lower()


def render(name, value):
    """An Element: dicts become children, lists children called item, and None is not there at all."""
    element = ElementTree.Element(name)
    if isinstance(value, dict):
        element.extend(render(child, item) for child, item in value.items() if item is not None)
    elif isinstance(value, list):
        element.extend(render('item', item) for item in value)
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        element.text = NOT_XML.sub('\ufffd', text)
    return element


def to_xml(element):
    return ElementTree.tostring(element, encoding='UTF-8', xml_declaration=True)

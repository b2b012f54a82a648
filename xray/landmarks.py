"""Which functions are steps of a request, and which calls are landmarks: the steps that one looks for.

A function is a step if its code is the project's or a student's, not a library's. Each is told apart once, when it is
found (instrument.py); a call is told by the class of its self, which is remembered, too.

Use: info = info_of(function)  ->  a CodeInfo, or None for a library's
     info.landmark(args, caller)  ->  (landmark, label)
Real: none
"""

import functools
import inspect
import os
import re
import sys
import sysconfig

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
LIBRARIES = tuple(
    {
        os.path.realpath(path) + os.sep
        for path in (*sysconfig.get_paths().values(), sys.prefix, sys.base_prefix + '/lib')
    }
    - {ROOT + os.sep, os.sep}
)
# What the server does around the pipeline: it is busy without any request, too.
AROUND = tuple(os.path.join(ROOT, 'cloud', 'oslo', name) + os.sep for name in ('service', 'log', 'middleware'))
ASIDE = tuple(os.path.join(ROOT, name) + os.sep for name in ('tests', 'bench', 'soak'))  # no part of any service
PLUMBING = {  # of no use to whoever looks: wrappers that only hand on
    ('wsgi', 'log_call'),
    ('cloud.glance.domain.proxy', '_log'),
    ('cloud.glance.domain.proxy', 'Helper.proxy'),
    ('cloud.glance.domain.proxy', 'Helper.unproxy'),
}
ACTION_CALLERS = {('wsgi', 'Resource.perform'), ('cloud.glance.common.wsgi', 'dispatch')}
MESSAGES = {
    'cloud.oslo.messaging.rpc.client.RPCClient.call',
    'cloud.oslo.messaging.rpc.client.RPCClient.cast',
    'cloud.oslo.messaging.rpc.dispatcher.RPCDispatcher.dispatch',
}
LAYERS = ('cloud.glance.domain.proxy.', 'cloud.glance.db.ImageRepo', 'cloud.glance.db.ImageMemberRepo')
FAULTS = {
    'fault',
    'unknown',
    '_refuse',
    'ec2_error',
    '_method_not_allowed',
    '_not_found',
}  # make an answer that refuses
FILES = {}  # what a step's file is called -> its path, for a student's that is outside of the checkout


class CodeInfo:
    """What is known of a function. is_application: of WSGI; skip: 1 where the first argument is self."""

    def __init__(self, module, name, code):
        self.module, self.name, self.code = module, name, code
        self.full_name = f'{module}.{name}'
        # Of a library's there is no source to show: GET /xray/source has the project's and the student's own.
        self.file = None if is_library(code.co_filename) else shown_path(code.co_filename)
        self.line = code.co_firstlineno
        FILES[self.file] = code.co_filename
        names = code.co_varnames[: code.co_argcount]
        self.skip = 1 if names[:1] in (('self',), ('cls',)) else 0
        self.names = names[self.skip :]
        self.is_application = names[self.skip : self.skip + 2] == ('environ', 'start_response')
        self.calls_actions = (module, name) in ACTION_CALLERS
        self.submits = 'copy_context' in code.co_names  # hands a job on to another thread
        self.is_fault = code.co_name in FAULTS
        self.is_message = self.full_name in MESSAGES
        self.is_special = self.submits or self.is_fault or self.is_message
        self.told = {}  # (class of self, whether the dispatch calls it): (landmark, label)

    def landmark(self, args, caller):
        """(landmark, label) of a call; the landmark is None if it folds under one. caller: the CodeInfo around it."""
        key = type(args[0]) if self.skip and args else None, caller is not None and caller.calls_actions
        try:
            return self.told[key]
        except KeyError:
            found = self.told[key] = self.tell(*key)
            return found

    def tell(self, cls, by_dispatch):
        bases = {f'{base.__module__}.{base.__qualname__}' for base in cls.__mro__} if cls else set()
        name = self.code.co_name
        if cls and not by_dispatch and self.is_called_by_super(cls):
            return None, self.name
        if self.is_application:
            return self.tell_application(cls, bases)
        if by_dispatch and not (cls and cls.__name__.endswith('erializer')):  # nor the Deserializer
            return 'action', f'action {cls.__name__ if cls else self.module}.{name}'
        if any(base.startswith(LAYERS) for base in bases) and not is_attribute(cls, name):
            return 'layer', f'{last(cls.__module__)} layer: {name}'
        if 'cloud.glance.store.base.Store' in bases and not name.startswith('_'):
            return 'store', f'{last(cls.__module__)} store: {name}'
        return None, self.name

    def is_called_by_super(self, cls):
        """Whether the class has another function of this name: then that is the landmark, which this folds under."""
        function = inspect.getattr_static(cls, self.code.co_name, None)
        own = getattr(inspect.unwrap(getattr(function, '__func__', function) or self.tell), 'xray', self)
        return own is not self

    def tell_application(self, cls, bases):
        if cls and not self.name.endswith('__call__'):  # routers.Router._dispatch
            return None, self.name
        if bases & {'routers.Router', 'paste.urlmap.URLMap', 'cloud.nova.api.openstack.urlmap.URLMap'}:
            return 'router', f'router {cls.__name__}'
        if 'wsgi.Resource' in bases:
            return 'dispatch', f'dispatch {cls.__name__}'
        return 'filter', f'filter {cls.__name__ if cls else self.name.replace(".<locals>", "")}'

    def mark(self, walk, step):
        from xray.recorder import place_of_call

        if self.is_message:
            step.landmark, step.label = 'rpc', message_label(self.code.co_name, step.arguments)
        elif self.submits:
            walk.recording.submitter = step
        else:
            step.called = place_of_call()

    def arguments_of(self, args, kwargs):
        """(self or None, (environ, start_response)) of a call of an application."""
        values = list(args[self.skip :]) + [kwargs[name] for name in ('environ', 'start_response') if name in kwargs]
        return (args[0] if self.skip else None), (*values, None, None)[:2]

    def shown_as(self, owner):
        """The CodeInfo to show: another one where wsgi.application stands around a library's __call__."""
        return self


def message_label(name, arguments):
    """'cast build_instances': arguments are the context, and what is called or the whole message."""
    method = arguments[1] if len(arguments) > 1 else ''
    found = re.search(r"'method': '(\w+)'", method) if name == 'dispatch' else None
    return f'message {found[1]}' if found else f'{name} {method}'


class EitherInfo(CodeInfo):
    """For what the decorator wsgi.application has made around a library's code: it is shown as the class's __call__."""

    def __init__(self, module, name, code):
        super().__init__(module, name, code)
        self.classes = {}

    def shown_as(self, owner):
        cls = type(owner)
        if cls not in self.classes:
            info = CodeInfo(cls.__module__, f'{cls.__qualname__}.__call__', self.code)
            try:
                info.file, info.line = shown_path(inspect.getsourcefile(cls)), inspect.getsourcelines(cls)[1]
            except (OSError, TypeError):
                info.file, info.line = self.file, self.line
            info.is_called_by_super = lambda cls: False
            self.classes[cls] = info
        return self.classes[cls]


def info_of(function):
    """The CodeInfo of a function, or None for one that is no step."""
    code, module = function.__code__, function.__globals__.get('__name__', '?')
    if module == 'paste.urlmap' and function.__qualname__ == 'URLMap.__call__':
        return CodeInfo(module, function.__qualname__, code)
    name = getattr(code, 'co_qualname', None) or function.__qualname__
    if is_library(code.co_filename) or (module, name) in PLUMBING:
        return None
    if code.co_name.startswith('<') and code.co_name != '<lambda>':  # a comprehension, a module
        return None
    if module == 'wsgi' and code.co_name == 'either':
        inner = next((cell.cell_contents for cell in function.__closure__ or ()), None)
        is_watched = hasattr(inner, 'xray') or not is_library(inner.__code__.co_filename)
        return None if is_watched else EitherInfo(module, name, code)
    return CodeInfo(module, name, code)


@functools.cache
def is_library(path):
    """Whether the file is neither the project's nor a student's; the X-ray's own are none to look at either."""
    if path.startswith('<'):
        return True
    real = os.path.realpath(path)
    if os.path.dirname(real) == os.path.join(ROOT, 'workshop') or real.startswith((*ASIDE, *AROUND)):
        return True
    return real.startswith((*LIBRARIES, HERE)) or f'{os.sep}site-packages{os.sep}' in real


def shown_path(path):
    """The path from the checkout on; of a file elsewhere (a student's, beside an ini) its name."""
    path = os.path.abspath(path)
    return os.path.relpath(path, ROOT) if path.startswith(ROOT + os.sep) else os.path.basename(path)


def is_attribute(cls, name):
    """Whether this is what a property does, or something of the class's own, which nobody looks for."""
    return name.startswith('_') or any(isinstance(base.__dict__.get(name), property) for base in cls.__mro__)


def last(module):
    return module.rpartition('.')[2]


@functools.cache
def real_of(module):
    """What the module's line Real: names, or None."""
    docstring = ' '.join((getattr(sys.modules.get(module), '__doc__', None) or '').split())
    found = re.search(r'\bReal: (.+?)(?: Left out:| Use: |$)', docstring)
    return found[1] if found and not found[1].startswith('none') else None

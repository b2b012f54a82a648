"""Which calls are steps of a request, and which of those are landmarks: the steps that one looks for.

A call is a step if its code is the project's or the student's, not a library's. Each code object is told apart once
and remembered: the second request asks a dict.

Use: info = code_info(frame)  ->  a CodeInfo, or None for a library's code; info.landmark(frame)  ->  (landmark, label)
Real: none
"""

import contextlib
import dis
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
GENERATOR = 0x20 | 0x80 | 0x200  # CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR
LEAVES = {'RETURN_VALUE', 'RETURN_CONST', 'YIELD_VALUE', 'RETURN_GENERATOR', 'INSTRUMENTED_RETURN_VALUE'}
PLUMBING = {  # of no use to whoever looks: wrappers that only hand on
    ('wsgi', 'log_call'),
    ('cloud.glance.domain.proxy', '_log'),
    ('cloud.glance.domain.proxy', 'proxy'),
    ('cloud.glance.domain.proxy', 'unproxy'),
}
ACTION_CALLERS = {('wsgi', 'Resource.perform'), ('cloud.glance.common.wsgi', 'dispatch')}
KNOWN = {}  # code object (or an application's class) -> CodeInfo, or None


class CodeInfo:
    """What is known of a code object.

    kind: 'step'; 'wsgi' for an application; 'either' for what wsgi.application puts around one; 'head' for a
    start_response; 'ask' and 'answered' for the two halves of an outgoing HTTP request.
    returns: the places in its bytecode where it returns: elsewhere it ends because of an exception.
    """

    def __init__(self, module, name, code, kind):
        self.module, self.name, self.code, self.kind = module, name, code, kind
        self.full_name = f'{module}.{name}'
        self.file, self.line = shown_path(code.co_filename), code.co_firstlineno
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        self.owned = names[:1] in (('self',), ('cls',))
        self.arguments = () if kind in ('wsgi', 'either') else names[1:] if self.owned else names
        # A generator's code begins here; it goes on at a later place.
        self.begins_at = next((i.offset for i in dis.get_instructions(code) if i.opname == 'RESUME'), -1)
        self.is_generator = bool(code.co_flags & GENERATOR)
        self.submits = 'copy_context' in code.co_names  # hands a job on to another thread
        self.calls_actions = (module, name) in ACTION_CALLERS
        self.returns = frozenset(i.offset for i in dis.get_instructions(code) if i.opname in LEAVES)
        self.told = {}  # (class of self, whether the dispatch calls it): (landmark, label)

    def landmark(self, frame):
        """(landmark, label) of this call; the landmark is None for a call that folds under one."""
        cls = type(frame.f_locals['self']) if self.owned and 'self' in frame.f_locals else None
        caller = KNOWN.get(frame.f_back.f_code) if frame.f_back else None
        key = cls, caller is not None and caller.calls_actions
        if key not in self.told:
            self.told[key] = self.tell(*key)
        return self.told[key]

    def tell(self, cls, by_dispatch):
        bases = {f'{base.__module__}.{base.__qualname__}' for base in cls.__mro__} if cls else set()
        name = self.code.co_name
        if cls and not by_dispatch and self.is_called_by_super(cls):
            return None, self.name
        if self.kind in ('wsgi', 'either'):
            return self.tell_application(cls, bases)
        if by_dispatch:
            return 'action', f'action {cls.__name__ if cls else self.module}.{name}'
        if any(base.startswith('cloud.glance.domain.proxy.') for base in bases) and not is_attribute(cls, name):
            return 'layer', f'{last(cls.__module__)} layer: {name}'
        if 'cloud.glance.store.base.Store' in bases and not name.startswith('_'):
            return 'store', f'{last(cls.__module__)} store: {name}'
        return None, self.name

    def is_called_by_super(self, cls):
        """Whether the class has another function of this name: then that one is the landmark, and this folds under it."""
        function = inspect.unwrap(getattr(cls, self.code.co_name, None) or self.tell)
        return self.kind != 'either' and getattr(function, '__code__', self.code) is not self.code

    def tell_application(self, cls, bases):
        if cls and not self.name.endswith('__call__'):  # routers.Router._dispatch
            return None, self.name
        if bases & {'routers.Router', 'paste.urlmap.URLMap'}:
            return 'router', f'router {cls.__name__}'
        if 'wsgi.Resource' in bases:
            return 'dispatch', f'dispatch {cls.__name__}'
        return 'filter', f'filter {cls.__name__ if cls else self.name.replace(".<locals>", "")}'


def code_info(frame):
    """The CodeInfo of the frame's code, made once; None for what is no step."""
    code = frame.f_code
    if code not in KNOWN:
        kind = kind_of(frame)
        KNOWN[code] = kind and CodeInfo(frame.f_globals.get('__name__', '?'), qualified_name(frame), code, kind)
    return KNOWN[code]


def kind_of(frame):
    code, module = frame.f_code, frame.f_globals.get('__name__', '?')
    names = code.co_varnames[: code.co_argcount]
    if module == 'http.client' and code.co_name in ('putrequest', 'getresponse'):
        return 'ask' if code.co_name == 'putrequest' else 'answered'
    if names[:2] == ('status', 'headers') and len(names) == 3:
        return 'head'  # WebOb's own, too
    if module == 'paste.urlmap' and code.co_name == '__call__':
        return 'wsgi'
    if is_library(code.co_filename) or (module, code.co_name) in PLUMBING:
        return None
    if code.co_name.startswith('<') and code.co_name != '<lambda>':  # a comprehension, a module, a class's body
        return None
    if module == 'wsgi' and code.co_name == 'either':
        return 'either'
    return 'wsgi' if names[-2:] == ('environ', 'start_response') else 'step'


def info_of_application(application):
    """The CodeInfo of an application whose __call__ is a library's under the decorator wsgi.application, else None."""
    cls = type(application)
    call = getattr(cls.__call__, '__wrapped__', None)
    code = getattr(call, '__code__', None)
    if code is None or not is_library(code.co_filename):
        return None
    if cls not in KNOWN:
        info = KNOWN[cls] = CodeInfo(cls.__module__, f'{cls.__qualname__}.__call__', cls.__call__.__code__, 'either')
        with contextlib.suppress(OSError, TypeError):
            info.file, info.line = shown_path(inspect.getsourcefile(cls)), inspect.getsourcelines(cls)[1]
    return KNOWN[cls]


@functools.cache
def is_library(path):
    """Whether the file is neither the project's nor a student's; the X-ray's own are none to look at either."""
    if path.startswith('<'):
        return True
    real = os.path.realpath(path)
    return real.startswith((*LIBRARIES, HERE)) or f'{os.sep}site-packages{os.sep}' in real


def shown_path(path):
    """The path from the checkout on; of a file elsewhere (a student's, beside an ini) its name."""
    path = os.path.abspath(path)
    return os.path.relpath(path, ROOT) if path.startswith(ROOT + os.sep) else os.path.basename(path)


def qualified_name(frame):
    code = frame.f_code
    if hasattr(code, 'co_qualname'):
        return code.co_qualname
    owner = frame.f_locals.get('self')  # Python 3.10
    for base in type(owner).__mro__ if owner is not None else ():
        function = base.__dict__.get(code.co_name)
        if getattr(inspect.unwrap(function) if callable(function) else None, '__code__', None) is code:
            return f'{base.__qualname__}.{code.co_name}'
    return code.co_name


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

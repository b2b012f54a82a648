"""Has each function of the project, and of a student's file, tell when it is called: by another body in its place.

    def show(self, req): ...    becomes    def show(*args, **kwargs): return CALL(args, kwargs)

where CALL (recorder.watch) calls the body that was there before. The function stays the same object, so whoever holds
it, in a table of routes, a filter or a class, has the new one. Nothing is asked of the code, and the libraries run as
fast as ever: of sys.setprofile, which would do the same, every call of theirs is slower.
Use: find(), when all modules are there; look_again() at each request, which is quick if no module has come since
Real: none; what coverage.py does line by line with sys.settrace and sys.monitoring
"""

import functools
import gc
import http.client
import inspect
import sys
import types

from xray.landmarks import CodeInfo, info_of, is_library
from xray.recorder import watch, watch_answer, watch_application, watch_question

SLOT = 'xray: the place of CALL among the constants'
seen = {'modules': 0}


def find():
    """Watch every function that there is; those within others, too, as long as they exist already."""
    gc.unfreeze()  # what was there before a fork is found, too
    for function in [each for each in gc.get_objects() if type(each) is types.FunctionType]:
        instrument(function)
    for name, watching in (('putrequest', watch_question), ('getresponse', watch_answer)):
        function = getattr(http.client.HTTPConnection, name)
        if not hasattr(function, 'xray'):
            info = CodeInfo('http.client', f'HTTPConnection.{name}', function.__code__)
            replace_body(function, info, watching(info, copy_of(function, info)))
    seen['modules'] = len(sys.modules)


def look_again():
    if len(sys.modules) != seen['modules']:
        find()


def instrument(function):
    if 'xray' in function.__dict__:
        return
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        return
    if is_library(function.__code__.co_filename) and function.__module__ != 'paste.urlmap':
        return
    info = info_of(function)
    if info is not None:
        watching = watch_application if info.is_application or info.code.co_name == 'either' else watch
        replace_body(function, info, watching(info, copy_of(function, info)))


def copy_of(function, info):
    """The function as it was. It is found among all functions, too, and must be known then."""
    copy = types.FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    copy.__qualname__ = function.__qualname__
    copy.xray = info
    return copy


def replace_body(function, info, call):
    function.xray = info
    if not hasattr(function, '__signature__') and not hasattr(function, '__wrapped__'):
        function.__signature__ = inspect.signature(function)
    old = function.__code__
    new = body(len(old.co_freevars), inspect.isgeneratorfunction(function))
    constants = tuple(call if constant == SLOT else constant for constant in new.co_consts)
    function.__code__ = new.replace(co_consts=constants, co_name=old.co_name)


@functools.cache
def body(free, is_generator):
    """The code of `return SLOT(args, kwargs)`, in a function that has so many variables of an outer one.

    A generator's body has to be one of a generator.
    """
    result = '(yield from call(args, kwargs))' if is_generator else 'call(args, kwargs)'
    names = [f'free_{number}' for number in range(free)]
    source = f"""
def outer({', '.join(names)}):
    def stub(*args, **kwargs):
        if 0: {', '.join(names) or 'pass'}
        call = {SLOT!r}
        return {result}
    return stub
"""
    scope = {}
    exec(compile(source, '<xray>', 'exec', dont_inherit=True), scope)
    return scope['outer'](*names).__code__

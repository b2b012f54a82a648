"""The place in the code where something is refused: what has to hold there for it, read from the source itself.

    if len(name) > 255:                      conditions  ['len(name) > 255']
        raise HTTPBadRequest(f'...')         names       {'len', 'name'}

Use: site = site_at('controllers.py', 92)  ->  a Site, or None where there is no such source
Real: none
"""

import ast
import functools

from xray.source import path_of


class Site:
    """conditions: what led there, as Python text, the innermost last; names: all that the function's lines mention;
    asked: the names in the conditions; function: its name; constants: {NAME: value} of the module that it mentions."""

    def __init__(self, tree, line):
        path = path_to(tree, line)
        functions = [node for node in path if isinstance(node, ast.FunctionDef)]
        self.function = functions[-1].name if functions else None
        self.line = line
        inside = path[path.index(functions[-1]) :] if functions else path
        self.conditions = list(conditions_on(inside))
        self.names = names_in(functions[-1]) if functions else set()
        self.asked = set().union(*(names_in(ast.parse(text)) for text in self.conditions if is_python(text)))
        self.constants = {name: value for name, value in constants_of(tree).items() if name in self.names}
        self.condition = ' and '.join(self.conditions[-2:]) or None


def path_to(tree, line):
    """The nodes around the line, the outermost first."""
    path, node = [], tree
    while node is not None:
        path.append(node)
        inner = [
            child
            for child in ast.walk(node)
            if child is not node
            and isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case)
            and first_line(child) <= line <= last_line(child)
            and is_child(node, child)
        ]
        node = inner[0] if inner else None
    return path


def is_child(node, child):
    return any(each is child for each in ast.iter_child_nodes(node))


def first_line(node):
    return getattr(node, 'lineno', None) or min(each.lineno for each in node.body)


def last_line(node):
    return getattr(node, 'end_lineno', None) or max(each.end_lineno for each in node.body)


def conditions_on(path):
    """What each statement on the path says about how one gets to the next."""
    for outer, inner in zip(path, path[1:]):
        if isinstance(outer, ast.If):
            text = ast.unparse(outer.test)
            yield text if any(each is inner for each in outer.body) else f'not ({text})'
        elif isinstance(outer, ast.Try) and isinstance(inner, ast.ExceptHandler):
            kind = ast.unparse(inner.type) if inner.type else 'an error'
            yield f'{ast.unparse(outer.body[0]).splitlines()[0]} raises {kind}'
        elif isinstance(outer, ast.For | ast.While) and any(each is inner for each in outer.orelse):
            yield 'none was found'
        yield from passed_guards(outer, inner)


def passed_guards(outer, inner):
    """An `if ...: return` above, which was not taken, leads here as well."""
    body = next((body for body in bodies_of(outer) if any(each is inner for each in body)), [])
    for before in body:
        if before is inner:
            return
        if isinstance(before, ast.If) and not before.orelse and isinstance(before.body[-1], ast.Return | ast.Continue):
            yield f'not ({ast.unparse(before.test)})'


def bodies_of(node):
    return [body for name in ('body', 'orelse', 'finalbody') if isinstance(body := getattr(node, name, None), list)]


def names_in(node):
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} | {
        each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)
    }


def constants_of(tree):
    """{NAME: value} of what the module sets to a number or a text."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper():
            found[node.targets[0].id] = ast.unparse(node.value)[:200]
    return found


def is_python(text):
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


@functools.lru_cache(maxsize=200)
def tree_of(path):
    with open(path, encoding='utf-8') as source:
        return ast.parse(source.read())


def site_at(file, line):
    try:
        return Site(tree_of(path_of(file)), line)
    except (LookupError, OSError, SyntaxError, ValueError):
        return None

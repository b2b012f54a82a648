"""Exercise 16 shows the gateway's chains to students: they are those of cloud/glance/gateway.py, line by line."""

import ast

import pytest

from tests.servers import ROOT

EXERCISE = ROOT / 'workshop' / 'exercises' / '16_layer'


def chain(path, method):
    """The statements of a Gateway's method, as text."""
    tree = ast.parse(path.read_text())
    [gateway] = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == 'Gateway']
    [found] = [node for node in gateway.body if isinstance(node, ast.FunctionDef) and node.name == method]
    body = found.body[1:] if ast.get_docstring(found) else found.body
    return [ast.unparse(statement) for statement in body]


@pytest.mark.parametrize(
    ('method', 'added'),
    [
        ('get_image_factory', 'factory = ImageFactoryProxy(factory)'),
        ('get_repo', 'repo = ImageRepoProxy(repo)'),
    ],
)
def test_the_student_gets_the_gateways_chains_and_the_solution_adds_one_line_to_each(method, added):
    real = chain(ROOT / 'cloud' / 'glance' / 'gateway.py', method)
    assert chain(EXERCISE / 'start' / 'layer.py', method) == real
    solution = chain(EXERCISE / 'solution' / 'layer.py', method)
    assert added in solution
    assert [line for line in solution if line != added] == real

"""What stands on what."""

import ast

import pytest

from tests.servers import ROOT


@pytest.mark.parametrize('name', ['server', 'auth', 'routers', 'controllers'])
def test_the_ground_floor_imports_nothing_from_the_other_rooms(name):
    tree = ast.parse((ROOT / f'{name}.py').read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported
    assert not {module.partition('.')[0] for module in imported} & {'cloud', 'workshop', 'bench', 'tests'}

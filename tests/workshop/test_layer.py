"""Exercise 16 shows the gateway's chains to students: they are those of cloud/glance/gateway.py, line by line."""

import ast
import shutil

import pytest

from tests.servers import ROOT
from workshop.cloud import Cloud
from workshop.exercises.seen import BYTES, create, message_of, upload
from workshop.student import ALICE

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


def test_the_glance_that_runs_there_refuses_by_the_students_layer(tmp_path, named):
    each = named('layer')
    for source in each.start, each.folder / 'solution':
        shutil.copytree(source, tmp_path / 'work', dirs_exist_ok=True)
    with Cloud(each.services, tmp_path / 'work', tmp_path / 'run') as cloud:
        image_id = create(cloud, {})
        status, _, answer = cloud.request('glance', 'PUT', f'/v2/images/{image_id}/file', {**ALICE, **BYTES}, 'bytes')
        assert (status, message_of(answer)) == (400, 'Give the image a name first, and then send its data.')
        assert upload(cloud, b'bytes')

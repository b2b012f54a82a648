"""The pytest plug-in that runs the documents: `-p tests.console.plugin` in pyproject.toml."""

import pytest

from tests.console import blocks
from tests.console.document import close_shell, markdown, open_shell


def evaluate(example):
    """Run a console block: None, or what is wrong."""
    shell, ids = example.namespace['shell'], example.namespace['ids']
    # What is behind a wrong one is typed nevertheless: later blocks build on it.
    wrong = [blocks.report(ids, output) for output in blocks.run(shell, ids, example.parsed) if not output.fits]
    return wrong[0] if wrong else None


def teardown(namespace):
    if wrong := close_shell(namespace):
        pytest.fail(wrong, False)


pytest_collect_file = markdown(evaluate, open_shell, teardown).pytest()

"""A document from its first console block to its last: its shell, its ids, and what is to be written anew.

Use: `markdown(evaluate)` finds the blocks, for pytest or for `write(path)`, which returns the changed lines' numbers.
"""

import difflib
from typing import NamedTuple

from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser

from tests.console import blocks
from tests.console.compare import Ids
from tests.console.rewrite import DOTS, mend
from tests.console.shell import Shell
from tests.servers import ROOT

WALKTHROUGH = ROOT / 'workshop' / 'walkthrough'


def documents():
    """The paths of all documents, in the order in which one reads them."""
    return [ROOT / 'README.md', *sorted(WALKTHROUGH.glob('*.md'))]


def markdown(evaluate, setup, teardown):
    """A Sybil that has each console block evaluated, and saves the files that the reader is told to write."""
    return Sybil(
        parsers=[
            CodeBlockParser(language='console', evaluator=evaluate),
            CodeBlockParser(language='python', evaluator=save),
            CodeBlockParser(language='ini', evaluator=save),
            CodeBlockParser(language='yaml', evaluator=save),
        ],
        path=str(ROOT),
        pattern='*.md',
        setup=setup,
        teardown=teardown,
    )


def save(example):
    if name := blocks.saved(example.parsed):
        example.namespace['shell'].save(name, example.parsed)


def open_shell(namespace, any_length=True):
    namespace.update(shell=Shell(), ids=Ids(any_length))


def close_shell(namespace):
    """Close it; what is wrong with the files that are left over, or None."""
    try:
        strays = namespace['shell'].strays()
    finally:
        namespace['shell'].close()
    return strays and f'The document has its readers write what .gitignore does not name: {", ".join(strays)}'


class Edit(NamedTuple):
    """Lines that take the place of others: of count lines of the document, from first, the first one being 0."""

    first: int
    count: int
    lines: list


class Written(NamedTuple):
    """What became of a document. changed: the numbers of its new lines. dotted: of those with dots in them."""

    changed: list
    dotted: list


def write(path):
    """Run the document, and put what its commands print into it, where that is not what it shows: a Written."""
    edits = []
    parser = markdown(lambda example: edits.extend(edits_of(example)), None, None)
    document = parser.parse(path)
    open_shell(document.namespace, any_length=False)
    try:
        for example in document.examples():
            example.evaluate()
    finally:
        wrong = close_shell(document.namespace)
    if wrong:
        raise AssertionError(wrong)
    old = document.text.splitlines(keepends=True)
    new = edited(old, edits, document.namespace['ids'])
    if new != old:
        path.write_text(''.join(new), encoding='utf-8')
    return compared(old, new)


def edits_of(example):
    """The edits that a console block needs, while its commands are run."""
    shell, ids = example.namespace['shell'], example.namespace['ids']
    for output in blocks.run(shell, ids, example.parsed):
        if not output.fits:
            printed = output.printed.replace(str(shell.project), DOTS)
            text = [number for number, line in enumerate(output.lines) if line.strip()]
            start, end = (text[0], text[-1] + 1) if text else (0, 0)  # blank lines around it stay
            yield Edit(example.line + output.first + start, end - start, mend(ids, output.shown, printed))


def edited(lines, edits, ids):
    new = list(lines)
    for edit in reversed(edits):
        # By now, all ids that the document knows are known.
        new[edit.first : edit.first + edit.count] = [f'{ids.as_written(line)}\n' for line in edit.lines]
    return new


def compared(old, new):
    """Where old lines are only gone, the line that has come in their place counts as changed."""
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    parts = [new[start:end] or [''] for tag, _, _, start, end in steps]
    changed = [
        (start + number, line)
        for (tag, _, _, start, _), part in zip(steps, parts)
        if tag != 'equal'
        for number, line in enumerate(part, 1)
    ]
    return Written([number for number, _ in changed], [number for number, line in changed if DOTS in line])

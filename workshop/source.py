"""Show code in the walkthrough as it is in the source, never pasted by hand.

A chapter says what it wants to show in a comment, and cog (https://cog.readthedocs.io) writes it behind:

    <!-- [[[cog show('auth.py', 'Auth.__call__') ]]] -->
    <!-- [[[end]]] -->

and so for its picture (workshop/pictures.py): `picture(1)`.

Use: `python -m workshop.source` writes all chapters anew; the tests run `python -m workshop.source --check`,
    which changes nothing, and fails where a chapter and the source differ.
"""

import ast
import difflib
import io
import sys
import textwrap
from pathlib import Path

from cogapp import Cog
from cogapp.cogapp import CogError

from workshop import pictures

ROOT = Path(__file__).parent.parent
WALKTHROUGH = ROOT / 'workshop' / 'walkthrough'
LANGUAGES = {'.py': 'python', '.ini': 'ini', '.json': 'json', '.sh': 'sh'}
DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def show(path, symbol=None, first=None, last=None):
    """Print a part of a file as a fenced block, under a line that names it.

    path: from the repository's root. symbol: of a class, function or method ('Auth', 'Auth.__call__'), with its
    decorators. Or first and last: from the line that has the one text in it to the next one that has the other.
    Without either, the whole file. LookupError if there is no such part.
    """
    text = (ROOT / path).read_text(encoding='utf-8')
    lines = text.splitlines()
    if symbol is not None:
        start, end = lines_of_symbol(path, ast.parse(text), symbol)
    else:
        start, end = lines_between(path, lines, first, last)
    named = f', `{symbol}`' if symbol else ''
    print(f'\n[`{path}`](../../{path}){named}:\n')
    print(f'```{LANGUAGES.get(Path(path).suffix, "text")}')
    print(textwrap.dedent('\n'.join(lines[start:end])))
    print('```\n')


def picture(number):
    """Print the chapter's picture, with the text for whoever cannot see it."""
    text, _ = pictures.picture(number)
    print(f'\n![{text}](pictures/{number:02}.svg)\n')


def lines_of_symbol(path, tree, symbol):
    node = tree
    for name in symbol.split('.'):
        found = [each for each in node.body if isinstance(each, DEFINITIONS) and each.name == name]
        if not found:
            raise LookupError(f'{path} has no {symbol}: there is no class or function {name}')
        node = found[-1]
    start = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return start - 1, node.end_lineno


def lines_between(path, lines, first, last):
    start = 0 if first is None else find_line(path, lines, first, 0)
    end = len(lines) if last is None else find_line(path, lines, last, start) + 1
    return start, end


def find_line(path, lines, text, start):
    for number, line in enumerate(lines[start:], start):
        if text in line:
            return number
    raise LookupError(f'{path} has no line with {text!r}' + (f' after line {start}' if start else ''))


def chapters():
    """The paths of the chapters, in their order."""
    return sorted(WALKTHROUGH.glob('[0-9][0-9]-*.md'))


def render(path):
    """A chapter's text with the code of today's source; CogError names the file and the line where that is wrong."""
    cog = Cog()
    cog.options.print_output = True

    def show_or_say_where(*arguments, **options):
        try:
            show(*arguments, **options)
        except (LookupError, OSError) as error:
            raise CogError(f'{error}: change the comment there', path, cog.cogmodule.firstLineNum) from None

    text, rendered = path.read_text(encoding='utf-8'), io.StringIO()
    names = {'show': show_or_say_where, 'picture': picture}
    cog.process_file(io.StringIO(text), rendered, str(path), names)
    return rendered.getvalue()


def documents():
    """(path, what it should say) of the chapters and their pictures."""
    for path in chapters():
        yield path, render(path)
        number = int(path.name[:2])
        yield WALKTHROUGH / 'pictures' / f'{number:02}.svg', pictures.picture(number)[1]


def differences(path, rendered):
    written = path.read_text(encoding='utf-8') if path.exists() else ''
    names = f'{path.name}, as it is', f'{path.name}, from the source'
    return '\n'.join(difflib.unified_diff(written.splitlines(), rendered.splitlines(), *names, lineterm=''))


def main(argv):
    """Write the chapters anew; with --check, change nothing, and exit with what would change, if anything would."""
    found = []
    if argv not in ([], ['--check']):
        sys.exit('usage: python -m workshop.source [--check]')
    try:
        for path, rendered in documents():
            if difference := differences(path, rendered):
                found.append(difference)
                if '--check' not in argv:
                    path.parent.mkdir(exist_ok=True)
                    path.write_text(rendered, encoding='utf-8')
    except CogError as error:
        sys.exit(f'workshop.source: {error}')
    if found and '--check' in argv:
        sys.exit('\n'.join([*found, 'workshop.source: the chapters are not as the source is: run it without --check']))


if __name__ == '__main__':
    main(sys.argv[1:])

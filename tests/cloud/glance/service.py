"""What the fixtures of the image service and of its registry have in common."""

import configparser
import contextlib
import pathlib

import cloud.glance
from cloud.glance.db.sqlalchemy.api import Database

FOLDER = pathlib.Path(cloud.glance.__file__).parent


def copy_ini(ini, folder, **options):
    """A copy of FOLDER's ini of that name in the folder, with a database there, and these options; returns its path."""
    parser = configparser.ConfigParser(interpolation=None, delimiters='=')
    parser.optionxform = str
    parser.read(FOLDER / ini)
    here = {'sql_connection': f'sqlite:///{folder}/glance.sqlite', 'policy_file': str(FOLDER / 'policy.json')}
    parser['DEFAULT'].update({**here, **options})
    for section in ('filter:authtoken', 'filter:toycloud'):
        if section in parser:
            parser[section]['token_file'] = str(FOLDER.parent / 'tokens.ini')
    path = folder / ini
    with path.open('w') as file:
        parser.write(file)
    return path


@contextlib.contextmanager
def closed_databases(monkeypatch, module):
    """Whatever Database the module opens meanwhile is closed in the end."""
    with contextlib.ExitStack() as opened:
        monkeypatch.setattr(module, 'Database', lambda *args: opened.enter_context(contextlib.closing(Database(*args))))
        yield

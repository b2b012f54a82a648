"""The files of a service: each has a name, FOLDER/PATH, whose folder the service names.

Use: files = Files({'images': '/data/glance/images'}, owns); files.find(); with files.new({...}) as move_in: move_in()
Real: none
"""

import base64
import contextlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass

from cloud.toycloud.problem import Problem

PART = re.compile('[0-9A-Za-z_-][0-9A-Za-z_.-]{0,254}')
DEEPEST = 4


@dataclass
class Found:
    name: str
    path: str
    size: int

    def read(self):
        """The bytes as text in base64."""
        with open(self.path, 'rb') as file:
            return base64.b64encode(file.read()).decode()


class Files:
    """folders: {name: path}. owns: from a folder's name and that of something right in it to whether it is kept."""

    def __init__(self, folders, owns):
        self.folders, self.owns = folders, owns

    def find(self):
        """All files, as a list of Found."""
        return [found for folder in sorted(self.folders) for found in self._find_in(folder)]

    def _find_in(self, folder):
        top = self.folders[folder]
        for entry in sorted(os.listdir(top)) if os.path.isdir(top) else ():
            if self.owns(folder, entry):
                for path in walk(os.path.join(top, entry)):
                    yield Found(f'{folder}/{os.path.relpath(path, top)}', path, os.path.getsize(path))

    @contextlib.contextmanager
    def new(self, files):
        """Context manager: write {name: bytes} under other names; then, when it is called, move_in() gives them theirs.

        Problem for a name that is none; nothing is there then.
        """
        paths = {name: self.path_of(name) for name in files}
        with contextlib.ExitStack() as stack:
            written = [(self._write(stack, name, files[name]), path) for name, path in paths.items()]

            def move_in():
                for temporary, path in written:
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    os.replace(temporary, path)

            yield move_in

    def _write(self, stack, name, data):
        top = self.folders[name.partition('/')[0]]
        os.makedirs(top, exist_ok=True)
        folder = tempfile.mkdtemp(prefix='.toycloud-', dir=top)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        path = os.path.join(folder, 'new')
        with open(path, 'wb') as file:
            file.write(data)
        return path

    def path_of(self, name):
        folder, *parts = name.split('/')
        fits = folder in self.folders and 0 < len(parts) <= DEEPEST and all(map(PART.fullmatch, parts))
        if not fits or not self.owns(folder, parts[0]):
            raise Problem(400, f'{name[:200]!r} is no file of this service.')
        return os.path.join(self.folders[folder], *parts)


def walk(path):
    """The path of a file, or those of the files in a folder. What only points elsewhere is left out."""
    if os.path.islink(path):
        return
    if os.path.isfile(path):
        yield path
    for folder, folders, names in os.walk(path):
        folders.sort()
        yield from (each for each in (os.path.join(folder, name) for name in sorted(names)) if not os.path.islink(each))

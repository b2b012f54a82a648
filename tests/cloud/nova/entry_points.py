"""Entry points without an installation: a folder that says, to whoever has it on sys.path, what is plugged in where."""

from stevedore import _cache
from stevedore.extension import ExtensionManager

HANDLERS = {
    'download': 'cloud.nova.virt.imagehandler.download:DownloadImageHandler',
    'file': 'cloud.nova.virt.imagehandler.file:FileImageHandler',
}
TRANSFERS = {'file': 'cloud.nova.image.download.file'}


def declare(folder, package='plugged', **namespaces):
    """Write folder/package.dist-info. namespaces: {'nova.virt.image.handlers': {name: 'module:class'}}, say."""
    metadata = folder / f'{package}.dist-info'
    metadata.mkdir(parents=True)
    (metadata / 'METADATA').write_text(f'Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n')
    sections = [
        f'[{namespace}]\n' + ''.join(f'{name} = {target}\n' for name, target in entries.items())
        for namespace, entries in namespaces.items()
    ]
    (metadata / 'entry_points.txt').write_text('\n'.join(sections))
    return str(folder)


def declare_all(folder):
    """The handlers and transfer modules of nova itself, as pyproject.toml declares them."""
    namespaces = {'nova.virt.image.handlers': HANDLERS, 'nova.image.download.modules': TRANSFERS}
    return declare(folder, **namespaces)


def plug_in(monkeypatch, folder, **namespaces):
    """Declare them, and have stevedore, which remembers what it has found, look again."""
    monkeypatch.syspath_prepend(declare(folder, **namespaces))
    monkeypatch.setattr(ExtensionManager, 'ENTRY_POINT_CACHE', {})
    monkeypatch.setattr(_cache._c, '_disable_caching', True)  # what a test plugs in is not kept in a file

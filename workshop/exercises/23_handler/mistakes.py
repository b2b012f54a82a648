AS_SHIPPED = (
    'For two instances of one image, Glance was asked for the bytes 2 times: your handler was not tried. Give it its '
    'entry point, and put cache first in image_handlers.'
)
ENTRY_POINTS = 'toy_handlers-1.dist-info/entry_points.txt'
MISTAKES = {
    'no True': (
        {'handler.py': ('        return True\n', '')},
        'For two instances of one image, Glance was asked for the bytes 3 times, though there is a copy: download if '
        'there is none yet, and return True once path is laid out.',
    ),
    'moved instead of copied': (
        {'handler.py': ('shutil.copyfile', 'shutil.move')},
        'For two instances of one image, Glance was asked for the bytes 2 times: your handler was tried, and the file '
        'kept is not there. Download to it, and copy it to path.',
    ),
    'linked instead of copied': (
        {'handler.py': ('shutil.copyfile', 'os.link')},
        'The disk of an instance is not the image. Is it a link to the file that another one writes to?',
    ),
    'downloaded every time': (
        {'handler.py': ('if not os.path.exists(kept):', 'if True:')},
        'For two instances of one image, Glance was asked for the bytes 2 times, though there is a copy: download if '
        'there is none yet, and return True once path is laid out.',
    ),
    'an option that nobody reads': (
        {'my-nova.ini': ('image_handlers', 'image_handler')},
        'my-nova.ini: no service reads image_handler, so the line does nothing: did you mean image_handlers?',
    ),
    'not in the ini': (
        {'my-nova.ini': ('cache, download', 'download')},
        AS_SHIPPED,
    ),
    'behind download': (
        {'my-nova.ini': ('cache, download', 'download, cache')},
        AS_SHIPPED,
    ),
    'no entry point': (
        {ENTRY_POINTS: ('cache = handler:CacheImageHandler', '')},
        'my-nova.ini names the handler cache, and no entry point is called so: give entry_points.txt a line cache = '
        'handler:CacheImageHandler.',
    ),
    'a dot for the colon': (
        {ENTRY_POINTS: ('handler:CacheImageHandler', 'handler.CacheImageHandler')},
        "The handler cache cannot be made: No module named 'handler.CacheImageHandler'...",
    ),
    'no import': (
        {'handler.py': ('import shutil\n', '')},
        "An instance could not be built: handler.py, line 17: NameError: name 'shutil' is not defined...",
    ),
    'a broken line': (
        {'handler.py': ('if not os.path.exists(kept):', 'if not os.path.exists(kept)')},
        "The handler cache cannot be made: expected ':' (handler.py, line 16).",
    ),
}

from pathlib import Path

IN_FACTORY = '        factory = ImageFactoryProxy(factory)\n'
IN_REPO = '        repo = ImageRepoProxy(repo)\n'

SOLUTION = (Path(__file__).parent / 'solution' / 'layer.py').read_text()
WITHOUT = SOLUTION.replace(IN_FACTORY, '').replace(IN_REPO, '')
OUTERMOST = WITHOUT.replace(
    'return authorization.ImageFactoryProxy(factory, context, self.shareable)',
    'return ImageFactoryProxy(authorization.ImageFactoryProxy(factory, context, self.shareable))',
).replace(
    'return authorization.ImageRepoProxy(repo, context, self.shareable)',
    'return ImageRepoProxy(authorization.ImageRepoProxy(repo, context, self.shareable))',
)
INNERMOST = WITHOUT.replace('        factory = quota', f'{IN_FACTORY}        factory = quota').replace(
    '        repo = quota', f'{IN_REPO}        repo = quota'
)
UNEVEN = SOLUTION.replace(IN_REPO, '').replace('        repo = quota', f'{IN_REPO}        repo = quota')

AS_SHIPPED = (
    'No image wears the skin of your layer yet: put ImageFactoryProxy into get_image_factory, and ImageRepoProxy into '
    'get_repo.'
)
MISTAKES = {
    'in one chain alone': (
        {'layer.py': (IN_FACTORY, '')},
        'Images that are found wear your skin, and images that are made do not: put it into get_image_factory, too.',
    ),
    'in the other chain alone': (
        {'layer.py': (IN_REPO, '')},
        'Images that are made wear your skin, and images that are found do not: put it into get_repo, too.',
    ),
    'no rule': (
        {'layer.py': ('        if not self.name:\n            refuse()\n', '')},
        'Your layer is in both chains, but an image without a name still gets data: refuse in set_data.',
    ),
    'refused when it is too late': (
        {
            'layer.py': (
                '        if not self.name:\n            refuse()\n        super().set_data(data, size)\n',
                '        super().set_data(data, size)\n        if not self.name:\n            refuse()\n',
            )
        },
        'Your layer refuses the data of an image without a name when it has already passed them on: refuse first, and '
        'call super().set_data after that.',
    ),
    'no layer further in': (
        {'layer.py': ('        return authorization.ImageRepoProxy(repo, context, self.shareable)\n', '')},
        'get_repo returns None, which has no get: return the outermost layer, which wraps the others.',
    ),
    'not passed on': (
        {'layer.py': ('        super().set_data(data, size)\n', '')},
        'Now an image with a name gets no data either: pass it on with super().set_data(data, size).',
    ),
    'around everything': (
        {'layer.py': OUTERMOST},
        'Somebody who may not upload at all was told to name the image first: let your layer stand further in than the '
        'policy, so one line further up.',
    ),
    'inside the quota': (
        {'layer.py': INNERMOST},
        'The quota was asked about an upload that your layer refuses: let it stand further out than the quota, so one '
        'line further down.',
    ),
    'at another place in each chain': (
        {'layer.py': UNEVEN},
        'Your layer is in both chains, but not at the same place: let it stand between the same two layers.',
    ),
}

AS_SHIPPED = 'Glance does not know carol-token (401): add a section [carol-token] to tokens.ini, and save.'
MISTAKES = {
    'a tenant of her own': (
        {'tokens.ini': ('carol\ntenant = demo', 'carol\ntenant = carol')},
        "Glance knows Carol now, but she does not see Alice's image: it belongs to Alice's tenant, and Carol's is "
        'carol.',
    ),
    "Bob's tenant": (
        {'tokens.ini': ('carol\ntenant = demo', 'carol\ntenant = other')},
        "Glance knows Carol now, but she does not see Alice's image: it belongs to Alice's tenant, and Carol's is "
        'other.',
    ),
    'the name for the token': (
        {'tokens.ini': ('[carol-token]', '[carol]')},
        'Glance does not know carol-token (401): add a section [carol-token] to tokens.ini, and save.',
    ),
    'admin, so that she sees it': (
        {'tokens.ini': ('carol\ntenant = demo\nroles = member', 'carol\ntenant = demo\nroles = admin')},
        "Carol sees Bob's images, too, and could delete them: give her the role member, as Alice has it.",
    ),
    "Alice's section copied, and the user forgotten": (
        {'tokens.ini': ('user = carol', 'user = alice')},
        'Glance takes whoever sends carol-token for alice: in section [carol-token], name the user carol.',
    ),
    'no roles': (
        {'tokens.ini': ('carol\ntenant = demo\nroles = member', 'carol\ntenant = demo')},
        'my-glance.ini: ValueError: token_file = ...tokens.ini: a token has no roles.',
    ),
    'the brackets forgotten': (
        {'tokens.ini': ('[carol-token]', 'carol-token')},
        "my-glance.ini: ValueError: token_file = ...tokens.ini: ...: option 'user' in section 'bob-token' already "
        'exists.',
    ),
}

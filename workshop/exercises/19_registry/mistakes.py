ASK = """curl -H 'X-Auth-Token: alice-token' "$GLANCE/v1/images"\n"""

AS_SHIPPED = 'Version 1 has not been asked yet: as Alice, GET /v1/images of Glance, before and after the kill.'
MISTAKES = {
    'nothing killed': (
        {'curl.sh': ('kill "$REGISTRY_PID"', 'true')},
        'Version 1 was answered 200: its registry lives. Now kill the registry, and ask again.',
    ),
    'version 2 forgotten': (
        {'curl.sh': f'{ASK}kill "$REGISTRY_PID"\nsleep 0.2\n{ASK}'},
        'Version 1 says 503, since its registry is dead. And version 2? GET /v2/images.',
    ),
    'no token': (
        {'curl.sh': 'kill "$REGISTRY_PID"\nsleep 0.2\ncurl "$GLANCE/v1/images"\n'},
        'Version 1 should say 503, but it answered 401 ("This needs a token: send the header X-Auth-Token with a right '
        'one.")',
    ),
    'nothing explained': (
        {'answers.ini': ('= glance', '=')},
        'The requests are done. Now explain: in answers.ini, answered_by has no answer yet.',
    ),
    'the dead one is thought to have answered': (
        {'answers.ini': ('= glance', '= registry')},
        'In answers.ini, answered_by is registry: was that service still there, and had you asked it? Think again.',
    ),
    'the store for the database': (
        {'answers.ini': ('= database', '= store')},
        'In answers.ini, version_2_asks is store: think of what both versions share, and what is not dead.',
    ),
}

LIST = 'curl "$GLANCE/"\n'

AS_SHIPPED = 'Nobody has asked for the versions yet: GET / of Glance.'
MISTAKES = {
    'only the versions': (
        {'curl.sh': LIST},
        'You have seen the versions. Now GET /images, with the newest version in the header Accept.',
    ),
    'with a token': (
        {'curl.sh': """curl -H 'X-Auth-Token: alice-token' "$GLANCE/"\n"""},
        'You have seen the versions, but you sent a token: ask once more without one. It is not needed.',
    ),
    'the version in the path': (
        {'curl.sh': f"""{LIST}curl -H 'X-Auth-Token: alice-token' "$GLANCE/v2.15/images"\n"""},
        'GET /v2.15/images names the version in the path: GET /images, and name it in the header Accept.',
    ),
    'no Accept': (
        {'curl.sh': f"""{LIST}curl -H 'X-Auth-Token: alice-token' "$GLANCE/images"\n"""},
        'GET /images was answered 300, the list of versions: in "Accept: */*" there is none that Glance knows. Send '
        'Accept: application/vnd.openstack.images-VERSION, with a version of the list.',
    ),
    'the number without its v': (
        {'curl.sh': ('images-v2.15', 'images-2.15')},
        'GET /images was answered 300, the list of versions: in "Accept: application/vnd.openstack.images-2.15" there '
        'is none that Glance knows. Send Accept: application/vnd.openstack.images-VERSION, with a version of the list.',
    ),
    'no token for the images': (
        {'curl.sh': ("-H 'X-Auth-Token: alice-token' ", '')},
        'GET /images was answered 401: the versions are for everybody, the images need the token alice-token.',
    ),
    'an older version': (
        {'curl.sh': ('images-v2.15', 'images-v2.0')},
        'You have asked for v2.0: now take the newest version, the first one of the list.',
    ),
    'version 1': (
        {'curl.sh': ('images-v2.15', 'images-v1.1')},
        'You have asked for v1.1: now take the newest version, the first one of the list.',
    ),
}

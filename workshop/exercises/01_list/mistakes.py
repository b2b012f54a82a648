AS_SHIPPED = 'No request has reached your cloud yet: open a second terminal and type the curl command above.'
MISTAKES = {
    'no header': (
        {'curl.sh': 'curl $URL/instances\n'},
        'Your request came without the header X-Auth-Token, and was refused: 403.',
    ),
    'a header without its colon': (
        {'curl.sh': "curl $URL/instances\ncurl -H 'X-Auth-Token open-sesame' $URL/instances\n"},
        'Your last request came without the header X-Auth-Token, too: 403. The colon behind the name is part of it; '
        'without a colon, curl leaves the header out.',
    ),
    'a wrong token': (
        {'curl.sh': "curl -H 'X-Auth-Token: sesame' $URL/instances\n"},
        'The token "sesame" is not the one in configure.ini: 403.',
    ),
    'a wrong path': (
        {'curl.sh': "curl -H 'X-Auth-Token: open-sesame' $URL/instance\n"},
        'GET /instance was answered 404: the list is at GET /instances.',
    ),
}

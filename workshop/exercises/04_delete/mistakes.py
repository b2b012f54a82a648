AGAIN = 'curl -i -X DELETE -H "$TOKEN" "$URL/instances/$ID"  # the same again'

AS_SHIPPED = 'No request has reached your cloud yet: send a DELETE to the address of an instance.'
MISTAKES = {
    'deleted once': (
        {'curl.sh': (AGAIN, '')},
        'Your last request, DELETE /instances/..., was answered 204, so the instance is gone: '
        'now send the same request once more.',
    ),
    'looked at the list afterwards': (
        {'curl.sh': (AGAIN, 'curl -H "$TOKEN" "$URL/instances"')},
        'Your last request, GET /instances, deletes nothing: send a DELETE once more to the address that you have '
        'deleted.',
    ),
    'looked at what was deleted': (
        {'curl.sh': (AGAIN, 'curl -i -H "$TOKEN" "$URL/instances/$ID"')},
        'Your last request, GET /instances/..., deletes nothing: send a DELETE once more to the address that you have '
        'deleted.',
    ),
    'the name where the id should be': (
        {'curl.sh': """curl -X DELETE -H 'X-Auth-Token: open-sesame' "$URL/instances/inst-2"\n"""},
        'Your last request, DELETE /instances/inst-2, was answered 404, but there was never an instance at this '
        'address: copy the id of an instance from the list.',
    ),
    'all at once': (
        {'curl.sh': """curl -X DELETE -H 'X-Auth-Token: open-sesame' "$URL/instances"\n"""},
        'Your last request, DELETE /instances, was answered 405: send a DELETE to /instances/ID, '
        'with the id of one instance.',
    ),
}

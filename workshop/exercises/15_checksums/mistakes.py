CREATE = """TOKEN='X-Auth-Token: alice-token'
BYTES='Content-Type: application/octet-stream'
seq 10000 > disk.img
IMAGE='{"name": "toy", "disk_format": "raw", "container_format": "bare"}'
ID=$(curl -s -H "$TOKEN" -d "$IMAGE" "$GLANCE/v2/images" | grep -o '"id": "[^"]*"' | cut -d '"' -f 4)
"""

AS_SHIPPED = 'There is no image yet: POST its name and its two formats to /v2/images, as Alice.'
MISTAKES = {
    'uploaded with -d': (
        {'curl.sh': f'{CREATE}curl -X PUT -H "$TOKEN" -H "$BYTES" -d @disk.img "$GLANCE/v2/images/$ID/file"\n'},
        'Other bytes than those of disk.img have arrived. curl -d @disk.img leaves out the ends of lines: make a '
        'new image, and upload with curl -T disk.img.',
    ),
    'without the Content-Type': (
        {'curl.sh': f'{CREATE}curl -H "$TOKEN" -T disk.img "$GLANCE/v2/images/$ID/file"\n'},
        'Glance did not take the upload. It answered 415 ("The Content-Type is missing: send '
        'application/octet-stream.")',
    ),
    'without formats': (
        {
            'curl.sh': f'{CREATE}curl -H "$TOKEN" -H "$BYTES" -T disk.img "$GLANCE/v2/images/$ID/file"\n'.replace(
                ', "disk_format": "raw", "container_format": "bare"', ''
            )
        },
        'Glance did not take the upload. It answered 400 ("The image has no disk_format and no container_format: set '
        'it before there can be data.")',
    ),
    'shown before the upload, not after it': (
        {
            'curl.sh': f'{CREATE}curl -H "$TOKEN" "$GLANCE/v2/images/$ID"\n'
            'curl -H "$TOKEN" -H "$BYTES" -T disk.img "$GLANCE/v2/images/$ID/file"\n'
        },
        'The bytes are there. Now show the image, GET /v2/images/ID: it has a checksum from now on.',
    ),
    'not downloaded': (
        {'curl.sh': ('curl -H "$TOKEN" -o back.img "$GLANCE/v2/images/$ID/file"', 'true')},
        'You have seen the checksum. Now download the image, GET /v2/images/ID/file, and compare.',
    ),
    'as nobody': (
        {'curl.sh': ('-H "$TOKEN" -d', '-d')},
        'The image was not created. Glance answered 401 ("This needs a token: send the header X-Auth-Token with a '
        'right one.")',
    ),
}

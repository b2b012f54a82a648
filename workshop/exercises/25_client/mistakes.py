OPEN = 'export OS_IMAGE_URL="$GLANCE" OS_AUTH_TOKEN=alice-token\nseq 10000 > disk.img\n'
CREATE = 'glance image-create --name from-client --disk-format raw --container-format bare --file disk.img\n'

AS_SHIPPED = 'No request has reached your cloud yet: let the command glance make an image there.'
MISTAKES = {
    'by curl': (
        {'curl.sh': """curl -H 'X-Auth-Token: alice-token' -d '{"name": "from-client"}' "$GLANCE/v2/images"\n"""},
        'curl has sent that, and Glance took it. Now let the command glance do it.',
    ),
    'no file': (
        {'curl.sh': (' --file disk.img', '')},
        'The image from-client has no bytes: make one with --file and the name of a file.',
    ),
    'listed before it was there': (
        {'curl.sh': f'{OPEN}glance image-list\n{CREATE}'},
        'The image is there, with its bytes. Now list the images: glance image-list.',
    ),
    'not listed': (
        {'curl.sh': ('glance image-list', 'true')},
        'The image is there, with its bytes. Now list the images: glance image-list.',
    ),
    'a token that nobody has': (
        {'curl.sh': ('alice-token', 'alice')},
        'The client was turned away: 401 ("This needs a token: send the header X-Auth-Token with a right one."). Give '
        'OS_AUTH_TOKEN a token that Glance knows.',
    ),
    'only a look': (
        {
            'curl.sh': (
                'image-create --name from-client --disk-format raw --container-format bare --file disk.img',
                'help',
            )
        },
        'The client reaches your cloud. Now let it make an image: glance help image-create.',
    ),
}

WAIT = 'while curl -s -H "$TOKEN" "$NOVA/instances/$INSTANCE" | grep BUILD; do sleep 0.3; done\n'
LOOK = 'curl -H "$TOKEN" "$NOVA/instances/$INSTANCE"\n'

AS_SHIPPED = 'No image has been uploaded yet: POST headers and bytes to /v1/images of Glance, as Alice.'
MISTAKES = {
    'the name of the image': (
        {'curl.sh': ('"image=$IMAGE"', 'image=toy')},
        'Nova did not take the order. It answered 400 ("toy names no image: send its id, or a URL that ends in it.")',
    ),
    'no image': (
        {'curl.sh': ('-d "image=$IMAGE" ', '')},
        'The answer was 201: an instance without an image, so without a disk. Send the field image, too.',
    ),
    'an image without bytes': (
        {'curl.sh': ('--data-binary @disk.img', '-X POST')},
        'The image is queued: it has no bytes yet. Upload them in the same request, with --data-binary @disk.img.',
    ),
    'promised, and not looked at': (
        {'curl.sh': (f'{WAIT}{LOOK}', '')},
        'Nova has taken the order (202). Now GET /instances/ID, until the status is ACTIVE.',
    ),
    "another file's sum": (
        {'answers.ini': ('72d4ff27a28afbc066d5804999d5a504', 'd41d8cd98f00b204e9800998ecf8427e')},
        'In answers.ini, disk_md5 is d41d8cd98f00b204e9800998ecf8427e, and nothing that you have uploaded has that '
        "sum: is it that of the file called disk, in the folder of the instance's id?",
    ),
}

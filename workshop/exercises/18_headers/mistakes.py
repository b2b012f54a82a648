CREATE = """TOKEN='X-Auth-Token: alice-token'
seq 10000 > disk.img
"""

AS_SHIPPED = 'No image has been made with version 1 yet: POST headers and bytes to /v1/images, as Alice.'
MISTAKES = {
    'JSON, as version 2 takes it': (
        {'curl.sh': f"""{CREATE}curl -H "$TOKEN" -d '{{"name": "in-one"}}' "$GLANCE/v2/images"\n"""},
        'That was version 2, which takes JSON and then the bytes: send one POST to /v1/images, with headers.',
    ),
    'JSON to version 1': (
        {'curl.sh': f"""{CREATE}curl -H "$TOKEN" -d '{{"name": "in-one"}}' "$GLANCE/v1/images"\n"""},
        'The image was not created. Glance answered 400 ("Invalid disk_format None for image: use one of ....")',
    ),
    'the property as if it were a field': (
        {'curl.sh': ('meta-property-os_distro', 'meta-os_distro')},
        'The image was not created. Glance answered 400 ("Bad header: x-image-meta-os-distro names no field of an '
        'image.") A property of your own travels in a header x-image-meta-property-NAME.',
    ),
    'no Content-Type': (
        {'curl.sh': ("-H 'Content-Type: application/octet-stream' ", '')},
        'The image was not created. Glance answered 400 ("The Content-Type is application/x-www-form-urlencoded: send '
        'application/octet-stream.")',
    ),
    'headers without bytes': (
        {'curl.sh': ('--data-binary @disk.img', '-X POST')},
        'The image is queued: it has no bytes yet. Send them in the same request, with --data-binary @disk.img.',
    ),
    'another format': (
        {'curl.sh': ('disk_format: raw', 'disk_format: qcow2')},
        'The image is active, and its disk_format is qcow2: send x-image-meta-disk_format: raw.',
    ),
    'the ends of lines left out': (
        {'curl.sh': ('--data-binary', '-d')},
        'All is well but the bytes: they are not those that seq 10000 prints. curl -d @disk.img leaves out the ends of '
        'lines, --data-binary @disk.img does not.',
    ),
    'no property': (
        {'curl.sh': ("-H 'x-image-meta-property-os_distro: toy'", '')},
        'The image is active, but its property os_distro is not toy: send x-image-meta-property-os_distro: toy.',
    ),
}

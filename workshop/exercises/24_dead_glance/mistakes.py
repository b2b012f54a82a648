KILL = '; kill "$GLANCE_PID"\n'
WAIT = 'while curl -s -H "$TOKEN" "$NOVA/instances/$INSTANCE" | grep BUILD; do sleep 0.3; done\n'

AS_SHIPPED = 'Nothing has been booted yet: make an image, then POST a name and its id to /instances of Nova.'
MISTAKES = {
    'killed before the boot': (
        {'curl.sh': ('INSTANCE=', 'kill "$GLANCE_PID"; sleep 0.2; INSTANCE=')},
        'Nova answered 503: Glance was dead before you booted. Press r, boot first, and end it then.',
    ),
    'killed too late': (
        {'curl.sh': (KILL, f'; sleep 4{KILL}')},
        'The instance became ACTIVE: Glance lived too long. Boot again, and kill Glance at once. (Is it dead by now? r '
        'starts it again.)',
    ),
    'looked too early': (
        {'curl.sh': (f'{KILL}{WAIT}', f'; sleep 0.5{KILL}')},
        'When you looked, the instance was still being built: look again, until its status is no longer BUILD.',
    ),
    'not booted again': (
        {'curl.sh': ('curl -i', 'true')},
        'The instance is in ERROR, and says why. Now, with Glance dead, boot once more from the same image.',
    ),
    'without an image': (
        {'curl.sh': (' -d "image=$IMAGE"', '')},
        'The answer was 201: an instance without an image needs no Glance. Send the field image, too.',
    ),
}

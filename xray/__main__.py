"""The X-ray in a terminal.

    python -m xray serve [INI] [--port N]    server.py's pipeline `xray` of an ini, with the page's address
Real: none
"""

import sys

USAGE = 'usage: python -m xray serve [INI] [--host H] [--port N] [-v]'


def main(arguments):
    command, *rest = arguments or ['']
    if command == 'serve':
        from xray.serve import serve

        return serve(rest)
    sys.exit(USAGE)


if __name__ == '__main__':
    main(sys.argv[1:])

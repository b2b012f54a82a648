"""Serve an ini's pipeline `xray` as server.py does, and say where the page is.

Use: serve(['configure.ini', '--port', '8081'])
Real: none
"""

import server


class Server(server.Server):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        print(f'The X-ray shows every step: {self.url}/xray/')


def serve(arguments):
    """arguments: as for server.py, but for the pipeline's name."""
    named = bool(arguments) and not arguments[0].startswith('-')
    ini, rest = (arguments[0], arguments[1:]) if named else ('configure.ini', arguments)
    server.Server = Server
    server.main([ini, 'xray', *rest])

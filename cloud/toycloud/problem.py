"""What cannot be done, as the client is told it.

Use: raise Problem(409, 'This service has no clock.')
Real: none
"""


class Problem(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code

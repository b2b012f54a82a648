"""What goes on when the answer has been sent: imports. (`async` alone is a word of Python's by now.)

This folder need not be read to follow a request.
Real: glance 2014.2 glance/async/__init__.py; since 17.0 (Rocky) glance/async_/
"""

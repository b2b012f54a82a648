"""From a proof of who one is to a token: controllers.py is where the way begins.

Real: keystone 2014.2 keystone/auth/__init__.py
"""

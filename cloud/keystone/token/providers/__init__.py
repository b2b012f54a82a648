"""How a token is written.

Real: keystone 2015.1 keystone/token/providers/__init__.py
"""

"""The ways to prove who one is, a file each.

Real: keystone 2014.2 keystone/auth/plugins/__init__.py
"""

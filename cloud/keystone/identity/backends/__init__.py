"""Users and groups, as the database has them.

Real: keystone 2015.1 keystone/identity/backends/__init__.py
"""

"""Which tokens count no longer, as the database has them.

Real: keystone 2015.1 keystone/revoke/backends/__init__.py
"""

"""Which tokens count no longer.

Real: keystone 2015.1 keystone/revoke/__init__.py
"""

"""Users and groups.

Real: keystone 2015.1 keystone/identity/__init__.py
"""

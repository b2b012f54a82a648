"""Projects and domains.

Real: keystone 2015.1 keystone/resource/__init__.py
"""

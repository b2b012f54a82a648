"""Projects and domains, as the database has them.

Real: keystone 2015.1 keystone/resource/backends/__init__.py
"""

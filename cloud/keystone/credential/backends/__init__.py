"""The keys of EC2, as the database has them.

Real: keystone 2015.1 keystone/credential/backends/__init__.py
"""

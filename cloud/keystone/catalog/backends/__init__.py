"""Services, endpoints and regions, as the database has them.

Real: keystone 2015.1 keystone/catalog/backends/__init__.py
"""

"""Services, endpoints and regions.

Real: keystone 2015.1 keystone/catalog/__init__.py
"""

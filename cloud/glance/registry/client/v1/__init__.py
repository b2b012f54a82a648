"""The client of the registry's first (and here only) version.

Real: glance 2014.2 glance/registry/client/v1/__init__.py
"""

"""Nova's own database.

This folder need not be read to follow a request.
Real: nova 2013-04 (c8067d1b70) nova/db/__init__.py
"""

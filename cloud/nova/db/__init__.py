"""Nova's own database.

Real: nova 2013-04 (c8067d1b70) nova/db/__init__.py
"""

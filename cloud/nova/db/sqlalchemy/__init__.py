"""The database through SQLAlchemy.

Real: nova 2013-04 (c8067d1b70) nova/db/sqlalchemy/__init__.py
"""

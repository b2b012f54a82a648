"""glance.db on a relational database: models.py has the tables, api.py what can be asked of them.

Real: glance 2014.2 glance/db/sqlalchemy/__init__.py, which is empty
"""

"""The way from an older database to one of today: env.py is what Alembic calls, versions/ has the steps.

Real: none in nova 2014.2; since 2022 nova/db/main/migrations/
"""

"""Passwords for one project, as the database has them.

Real: keystone Queens keystone/application_credential/backends/__init__.py
"""

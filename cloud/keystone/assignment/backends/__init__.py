"""Roles and grants, as the database has them.

Real: keystone 2015.1 keystone/assignment/backends/__init__.py
"""

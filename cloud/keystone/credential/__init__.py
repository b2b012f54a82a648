"""The keys of EC2.

Real: keystone 2015.1 keystone/credential/__init__.py
"""

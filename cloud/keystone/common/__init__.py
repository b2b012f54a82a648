"""What all parts of Keystone share.

Real: keystone 2014.2 keystone/common/__init__.py
"""

"""What is done by a command, or at the start.

Real: keystone 2015.1 keystone/cmd/__init__.py
"""

"""One file for each kind of work.

Real: glance 2014.2 glance/async/flows/__init__.py, which is empty
"""

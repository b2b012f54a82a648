"""What all of nova uses.

This folder need not be read to follow a request.
Real: nova 2013-04 (c8067d1b70) nova/common/__init__.py, an empty package; the options are in nova/config.py there
"""

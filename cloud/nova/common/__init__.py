"""What all of nova uses.

This folder need not be read to follow a request.
Real: none: the options of nova 2013-04 are in nova/config.py
"""

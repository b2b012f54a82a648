"""What all of nova uses.

Real: none: the options of nova 2013-04 are in nova/config.py
"""

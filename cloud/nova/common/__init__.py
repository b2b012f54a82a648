"""What all of nova uses.

Real: none: nova 2013-04 has its options in nova/config.py, and no such package
"""

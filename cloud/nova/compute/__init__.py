"""The life of an instance: api checks and records what is asked for, manager does it, flavors say how large it is.

Real: nova 2013-04 (c8067d1b70) nova/compute/__init__.py, where an option picks the class of the API
"""

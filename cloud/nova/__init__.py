"""Compute: instances, and its side of images.

Real: nova 2013-04 (c8067d1b70) nova/; the image handlers from nova 9e8513e6fe (2014-03-05)
"""

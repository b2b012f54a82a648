"""Compute's side of images. Real: nova 2013-04 (c8067d1b70); the image handlers: nova 9e8513e6fe (2014-03-05)."""

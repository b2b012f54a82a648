"""Which services live. Real: nova 2014.2 nova/servicegroup/__init__.py."""

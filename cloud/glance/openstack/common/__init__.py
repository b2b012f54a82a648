"""Only the language of policy rules is needed here. Real: glance 2014.2 glance/openstack/common/__init__.py."""

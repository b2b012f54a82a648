"""The ways into nova: OpenStack's (openstack) and EC2's (ec2)."""

"""From EC2's ids of images to Glance's."""

from cloud.nova import exception


def ami_to_uuid(ec2_id, db_api):
    """The UUID of the image that EC2's clients know as ec2_id. InvalidEc2Id, ImageNotFound."""
    if '-' not in ec2_id:
        raise exception.InvalidEc2Id(ec2_id=ec2_id)
    return None

"""The numbers by which EC2's API knows images.

Use: db_api.s3_image_create(image_uuid)  ->  {'id': 1, 'uuid': ...}
Real: nova 2014.2 nova/db/sqlalchemy/api.py s3_image_get, s3_image_get_by_uuid, s3_image_create
"""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cloud.nova import exception
from cloud.nova.db.sqlalchemy.models import s3_images


class S3Images:
    """A part of the Database."""

    def s3_image_get(self, image_id):
        """{'id': ..., 'uuid': ...} for a number; ImageNotFound if it has been given to no image."""
        if image_id >= 2**63:  # what no database could keep
            raise exception.ImageNotFound(image_id=f'{image_id:#x}')  # Python writes no decimals this long
        return self._s3_image(s3_images.c.id == image_id, image_id)

    def s3_image_get_by_uuid(self, image_uuid):
        """The same for the image's id; ImageNotFound if it has no number yet."""
        return self._s3_image(s3_images.c.uuid == image_uuid, image_uuid)

    def s3_image_create(self, image_uuid):
        """Give the image a number, the next one, and return both; if another thread was faster, what it gave."""
        try:
            with self.writing() as connection:
                connection.execute(s3_images.insert(), {'uuid': image_uuid})
        except IntegrityError:
            pass
        return self.s3_image_get_by_uuid(image_uuid)

    def _s3_image(self, condition, wanted):
        with self.reading() as connection:
            row = connection.execute(select(s3_images).where(condition)).mappings().first()
        if row is None:
            raise exception.ImageNotFound(image_id=wanted)
        return dict(row)

"""The image service: each active image has its bytes, and each file in the image folders has its image.

    rows    ->  files    are the bytes of an active image there, as many as its row says, with its checksum?
    files   ->  rows     does a living image say that its bytes are in this file? (image_files.py)

A row is read, then its file; what seems wrong then is read once more, since a service may have been at work.
Use: audit = Images(options, quick=False); for finding in audit.findings(): ...; audit.count
Real: none
"""

import errno
import hashlib
import os

from sqlalchemy import false, select

from cloud.audit.database import Database, is_recent
from cloud.audit.finding import Finding
from cloud.audit.image_files import SCHEMES, is_young, strays
from cloud.glance.db.sqlalchemy.models import images, locations
from cloud.glance.store.filesystem import read_datadir
from cloud.oslo.utils.units import Mi

GONE = 'delete the image and upload it again: what is lost cannot come back'
OTHERS = 'delete the image, and trust nothing that was downloaded from it'
START = 'start glance-api, which sets right what a killed one has left; stop it, and audit again'
REMOVE = 'if it is still there after a start of glance-api, remove it'


class Images:
    """options: glance-api's; quick: without checksums. count: the images that are not deleted, once all were seen."""

    kind = 'images'

    def __init__(self, options, quick=False):
        self.quick = quick
        self.database = Database(options.sql_connection)
        several = options.filesystem_store_datadirs
        found = [read_datadir(text)[0] for text in several] if several else [options.filesystem_store_datadir]
        self.folders = [os.path.abspath(folder) for folder in found if folder]
        self.key = (self.database.name, *self.folders)
        self.count = 0
        self.at_work = self.database.is_worked_on()

    def findings(self):
        for page in self.database.pages(images, images.c.deleted == false()):
            self.count += len(page)
            places = self.places_of(page)
            for image in page:
                if any(self.faults(image, places.get(image.id, []))):
                    yield from self.look_again(image.id)
        for folder in self.folders:
            for path, is_part in strays(folder, self.database, self.at_work):
                yield file_finding(path, is_part)

    def places_of(self, page):
        """The URLs of the images' bytes, by the images' ids."""
        is_one = locations.c.image_id.in_([image.id for image in page]), locations.c.deleted == false()
        found = {}
        for place in self.database.rows(select(locations).where(*is_one).order_by(locations.c.id)):
            found.setdefault(place.image_id, []).append(place.value)
        return found

    def look_again(self, image_id):
        for image in self.database.rows(select(images).where(images.c.id == image_id, images.c.deleted == false())):
            yield from self.faults(image, self.places_of([image]).get(image_id, []))

    def faults(self, image, places):
        if image.status in ('deleted', 'pending_delete'):
            what = f'image {image.id} is {image.status}, and yet not marked as deleted'
            yield Finding('half deleted', image.id, what, 'start glance-api and delete it again')
        elif image.status in ('saving', 'importing') and not self.is_saved(image):
            yield Finding('saving', image.id, f'image {image.id} is {image.status}, and nobody saves it', START)
        elif image.status in ('active', 'deactivated'):
            yield from self.byte_faults(image, places)

    def is_saved(self, image):
        """Whether a living service is at its upload: about to write its file, at it, or just done with it."""
        files = [(f'{folder}/.{image.id}.part', f'{folder}/{image.id}') for folder in self.folders]
        is_written = any(os.path.exists(part) or is_young(whole) for part, whole in files)
        return self.at_work and (is_written or is_recent(image.updated_at))

    def byte_faults(self, image, places):
        if not places and image.size != 0:  # an image of no bytes needs no place for them
            yield Finding(
                'no location', image.id, f'image {image.id} is {image.status}, and has no bytes anywhere', GONE
            )
        for url in places:
            if url.startswith(SCHEMES):
                yield from self.file_faults(image, url.partition('://')[2])

    def file_faults(self, image, path):
        folder, name = os.path.split(path)
        if folder not in self.folders or name != image.id:
            yield Finding('strange location', image.id, f'image {image.id} claims a file not its own, {path}', OTHERS)
            return
        try:
            with open_file(path) as file:
                yield from self.content_faults(image, file)
        except OSError as error:
            what = f'image {image.id} is active without its bytes, {path} ({error.strerror})'
            yield Finding('no bytes', image.id, what, GONE)

    def content_faults(self, image, file):
        size = os.fstat(file.fileno()).st_size
        if image.size not in (None, size):
            what = f'image {image.id} has {size} bytes in {file.name}, and not {image.size}'
            yield Finding('wrong size', image.id, what, GONE)
        elif image.checksum and not self.quick and (found := md5_of(file)) != image.checksum:
            what = f'image {image.id} has bytes with the checksum {found} in {file.name}, and not {image.checksum}'
            yield Finding('wrong checksum', image.id, what, GONE)


def open_file(path):
    if os.path.exists(path) and not os.path.isfile(path):  # to open a pipe could take for ever
        raise OSError(errno.EINVAL, 'it is no regular file')
    return open(path, 'rb')


def md5_of(file):
    checksum = hashlib.md5(usedforsecurity=False)
    while chunk := file.read(Mi):
        checksum.update(chunk)
    return checksum.hexdigest()


def file_finding(path, is_part):
    if is_part:
        return Finding('part file', path, f'{path} is part of an upload that nobody works on', START)
    return Finding('file without an image', path, f'{path} is of no image', REMOVE)

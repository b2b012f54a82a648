"""Streams of image bytes, which can start again, and tell errors of the network from errors of the disk.

Use: received(chunks) to read a download; Stream(file) for a file that may have to be sent, or written, once more
Real: none: nova 2013-04 leaves the errors of a download as they are, and does not try again
"""

import glanceclient.exc

from cloud.nova import cancel


class BrokenDownload(glanceclient.exc.CommunicationError):
    """The bytes of an image ended too early, or do not match its checksum."""


def received(chunks):
    """The chunks of an image as they arrive; BrokenDownload if they end too early, or are damaged.

    BuildCancelled if the instance that needs them is deleted.
    """
    try:
        for chunk in chunks:
            cancel.check()
            yield chunk
    except OSError as error:  # of requests, which breaks off and times out so, and of glanceclient: a wrong checksum
        cancel.check()  # cancelling breaks the connection, too
        raise BrokenDownload(str(error)) from error


class Stream:
    """A file that an upload is read from, or a download written to; another attempt begins where this one did."""

    def __init__(self, file):
        self.file = file
        self.begun = False
        self.start = file.tell() if hasattr(file, 'seekable') and file.seekable() else None

    def read(self, size=-1):
        self.begun = True
        return self.file.read(size)

    def write(self, chunks):
        for chunk in received(chunks):
            self.begun = True
            self.file.write(chunk)

    def rewind(self):
        """Go back to where the file began; whether that was possible. A pipe that was read from cannot go back."""
        if self.begun and self.start is not None:
            self.file.seek(self.start)
            self.begun = False
        return not self.begun


def write_file(path, chunks):
    with open(path, 'wb') as file:
        Stream(file).write(chunks)

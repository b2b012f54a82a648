"""The bytes of images on their way: told apart from errors of the disk, and ready for another attempt.

Use: received(chunks) to read a download; Stream(file) for a file that may have to be sent, or written, once more
Real: none: nova 2013-04 leaves the errors of a download as they are, and does not try again
"""

import glanceclient.exc

from cloud.nova import cancel


class BrokenDownload(glanceclient.exc.CommunicationError):
    """The bytes of an image ended too early, or are not those that glance has the checksum of."""


def received(chunks):
    """The chunks of an image as they arrive; BrokenDownload if they do not all arrive as they should.

    BuildCancelled if nobody wants them any more.
    """
    try:
        for chunk in chunks:
            cancel.check()
            yield chunk
    except OSError as error:  # of requests, which breaks off and times out so, and of glanceclient: a wrong checksum
        cancel.check()  # that is what broke it off, then
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
        """Whether the file is at its start; the rest of a half-read pipe is never sent in place of the whole."""
        if self.begun and self.start is not None:
            self.file.seek(self.start)
            self.begun = False
        return not self.begun


def write_file(path, chunks):
    with open(path, 'wb') as file:
        Stream(file).write(chunks)

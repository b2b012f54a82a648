"""The audit: is what the services keep whole? It reads their inis, databases and folders, and changes nothing.

This folder need not be read to follow a request.

    services.py    which service an ini starts, and where that one keeps things
    database.py    a database, opened for reading only; whether its service lives
    images.py      the image service: is what its rows say true of its files?
    image_files.py the same from the other side: has each file in its folders a row?
    instances.py   nova: rows against the disks in its folder
    finding.py     one thing that is wrong, and what to do

Use: python -m cloud.audit [--quick] [--json] [INI ...]     (python -m cloud.audit --help)
It belongs to no service, and so stands above them all: it may read any of them, and none of them knows it.
While a service runs, its work under way is no fault: an upload, a build, a removal. Whether it runs, its lock says
(cloud/oslo/concurrency). To find what is half-done and forgotten, stop the services first.
Real: none as a whole. Glance 2014.2 has glance/cmd/scrubber.py (--cleanup), nova has nova-manage db and the periodic
    task _cleanup_running_deleted_instances of nova/compute/manager.py, each for its own
Left out: what lies in other stores than folders of this machine.
"""

"""The image service's older API: metadata in headers, data in the body; what it knows of images is in the registry.

API v2 hands each request down a chain of layers. Here a controller does everything itself, step by step: it asks
the policy and the property protections, checks the quotas, talks to the stores, sends notifications.
And it has no database: for every look at an image, and every change, it calls the registry over HTTP. (Only what an
owner's images take is counted in the database, for both versions alike, as the real check_quota does.)

How does glanceclient's `images.get(id)` find its code here?
    HEAD /v1/images/{id} -> router.API.routes: the action meta -> images.Controller.meta -> controller.get_image_meta
    -> the registry -> images.ResponseSerializer.meta -> headers.write_image_meta: x-image-meta-name: ...

This folder need not be read to follow a request.
Real: glance 2014.2 glance/api/v1/__init__.py, which only has the names of the filters (here: filters.py)
"""

"""The API in Falcon: a resource class for each path, middleware for the token, media for bodies."""

from urllib.parse import urlencode

import falcon

from bench.rivals.instances import MAX_BODY, Instances, Refused, check_token, fault, page_document, read_name


class Guard:
    """Middleware: nothing is looked at before the token is."""

    def process_request(self, req, resp):
        check_token(req.get_header('X-Auth-Token'))


class Collection:
    """/instances"""

    def __init__(self, instances):
        self.instances = instances

    def on_get(self, req, resp):
        page, marker = self.instances.page(req.get_param('limit'), req.get_param('marker'))
        query = {**req.params, 'marker': marker}
        resp.media = page_document(page, marker and f'{req.prefix}{req.path}?{urlencode(query)}')

    def on_post(self, req, resp):
        instance = self.instances.add(sent_name(req))
        resp.status = 201
        resp.location = f'{req.prefix}{req.path}/{instance["id"]}'
        resp.media = {'instance': instance}


class Item:
    """/instances/{instance_id}"""

    def __init__(self, instances):
        self.instances = instances

    def on_get(self, req, resp, instance_id):
        resp.media = {'instance': self.instances.find(instance_id)}

    def on_put(self, req, resp, instance_id):
        resp.media = {'instance': self.instances.rename(instance_id, sent_name(req))}

    def on_delete(self, req, resp, instance_id):
        self.instances.delete(instance_id)
        resp.status = 204


def sent_name(req):
    if (req.content_length or 0) > MAX_BODY:
        raise Refused(413, f'Send at most {MAX_BODY} bytes.')
    return read_name(req.get_media())


def refuse(req, resp, refused, params):
    resp.status, resp.media = refused.code, fault(refused.code, refused.message)


def refuse_as_falcon(req, resp, error, params):
    resp.status, resp.media = error.status, fault(error.status_code, error.title)


def make_app():
    app, instances = falcon.App(middleware=[Guard()]), Instances()
    app.add_route('/instances', Collection(instances))
    app.add_route('/instances/{instance_id}', Item(instances))
    app.add_error_handler(falcon.HTTPError, refuse_as_falcon)
    app.add_error_handler(Refused, refuse)
    return app


app = make_app()

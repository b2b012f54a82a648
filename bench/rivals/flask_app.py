"""The API in Flask: decorated functions, request.form and get_json, dicts as answers."""

from urllib.parse import urlencode

from flask import Flask, request
from werkzeug.exceptions import HTTPException

from bench.rivals.instances import MAX_BODY, Instances, Refused, check_token, fault, page_document, read_name

app = Flask(__name__)
app.config['MAX_CONTENT_LENGTH'] = MAX_BODY
app.json.sort_keys = False
instances = Instances()


@app.before_request
def authenticate():
    check_token(request.headers.get('X-Auth-Token'))


@app.errorhandler(Refused)
def refuse(refused):
    return fault(refused.code, refused.message), refused.code


@app.errorhandler(HTTPException)
def refuse_as_flask(error):
    return fault(error.code, error.description), error.code


@app.get('/instances')
def index():
    page, marker = instances.page(request.args.get('limit'), request.args.get('marker'))
    query = {**request.args, 'marker': marker}
    return page_document(page, marker and f'{request.base_url}?{urlencode(query)}')


@app.post('/instances')
def create():
    instance = instances.add(sent_name())
    return {'instance': instance}, 201, {'Location': f'{request.base_url}/{instance["id"]}'}


@app.get('/instances/<instance_id>')
def show(instance_id):
    return {'instance': instances.find(instance_id)}


@app.put('/instances/<instance_id>')
def update(instance_id):
    return {'instance': instances.rename(instance_id, sent_name())}


@app.delete('/instances/<instance_id>')
def delete(instance_id):
    instances.delete(instance_id)
    return '', 204


def sent_name():
    return read_name(request.get_json() if request.is_json else request.form)

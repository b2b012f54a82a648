"""What may go wrong, and how it is told: {"error": {"code": 404, "message": ..., "title": "Not Found"}}.

Whoever is not let in learns no reason: Unauthorized always says the same. The log has it (-v).
Use: raise exception.not_found('user', user_id); raise exception.ForbiddenAction('identity:list_users')
Real: keystone 2014.2 keystone/exception.py
"""

import http


class Error(Exception):
    """code: its status; title: the status in words; more: other fields of the answer."""

    code = 500
    more = {}

    @property
    def title(self):
        return http.HTTPStatus(self.code).phrase


class ValidationError(Error):
    """The request is wrong. attribute, target: what is missing, and in what."""

    code = 400

    def __init__(self, message=None, attribute=None, target=None):
        super().__init__(
            message
            or f'Expecting to find {attribute} in {target}. The server could not comply with the request since it is '
            'either malformed or otherwise incorrect. The client is assumed to be in error.'
        )


class Unauthorized(Error):
    """reason: for the log alone."""

    code = 401

    def __init__(self, reason=None):
        super().__init__('The request you have made requires authentication.')
        self.reason = reason


class AuthMethodNotSupported(Error):
    """more: what the answer tells beside the message, the methods that are known. Here are three of them."""

    code = 401
    METHODS = ('external', 'password', 'token', 'oauth1', 'mapped', 'application_credential', 'ec2credential')
    more = {'identity': {'methods': METHODS}}

    def __init__(self):
        super().__init__('Attempted to authenticate with an unsupported method.')


class Forbidden(Error):
    code = 403


class ForbiddenAction(Forbidden):
    def __init__(self, action):
        super().__init__(f'You are not authorized to perform the requested action: {action}.')


class NotFound(Error):
    code = 404


class TokenNotFound(NotFound):
    pass


class Conflict(Error):
    """kind: the noun; details: what is in the way."""

    code = 409

    def __init__(self, kind, details):
        super().__init__(f'Conflict occurred attempting to store {kind} - {details}.')


class TooLarge(Error):
    code = 413

    @property
    def title(self):
        return 'Request Entity Too Large'


class TooManyRequests(Error):
    """Somebody guesses passwords. seconds: how long to wait."""

    code = 429

    def __init__(self, seconds):
        super().__init__(
            f'There were too many wrong passwords for this user from your address: wait {seconds} seconds.'
        )
        self.seconds = seconds


class ServiceUnavailable(Error):
    code = 503


NOUNS = {'application_credential': 'application credential'}


def not_found(noun, row_id):
    return NotFound(f'Could not find {NOUNS.get(noun, noun)}: {row_id}.')


def duplicate(noun, values):
    """The Conflict of a row whose name, in its domain, is another's."""
    if noun == 'project':
        where = f'name is {values["name"]}, project id {values["id"]}'
        same = 'it is not permitted to have two projects with either the same name or same id in the same domain'
        return Conflict('project', f'{same}: {where}')
    if values.get('domain_id', '<').startswith('<') or noun == 'role':
        return Conflict(
            NOUNS.get(noun, noun), f'Duplicate entry found with name {values.get("name", values.get("id"))}'
        )
    return Conflict(noun, f'Duplicate entry found with name {values["name"]} at domain ID {values["domain_id"]}')

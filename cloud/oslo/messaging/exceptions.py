"""What can go wrong on the way of a message.

Use: except MessagingTimeout: ...
Real: oslo.messaging 1.4 oslo/messaging/exceptions.py, oslo/messaging/rpc/client.py RemoteError,
    oslo/messaging/rpc/dispatcher.py NoSuchMethod
"""


class MessagingException(Exception):
    """The base; one line, for a client too."""


class MessagingTimeout(MessagingException):
    """No answer came in time. Whether the call was made is not known."""


class MessageDeliveryFailure(MessagingException):
    """The message could not be handed over: nothing was asked for."""


class NoSuchMethod(MessagingException):
    """No endpoint has that method."""

    def __init__(self, method):
        super().__init__(f'There is no endpoint with the method {method}.')


class RemoteError(MessagingException):
    """The other side failed with an error that may not travel. exc_type: its class's name; value: its text."""

    def __init__(self, exc_type=None, value=None, traceback=()):
        self.exc_type, self.value, self.traceback = exc_type, value, list(traceback)
        super().__init__(f'The other side failed with {exc_type}: {value}')

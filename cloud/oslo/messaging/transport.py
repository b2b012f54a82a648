"""The transport: which driver carries the messages, by the scheme of a URL.

Use: transport = get_rpc_transport('', allowed_remote_exmods=['cloud.nova.exception'])      in one process
     transport = get_rpc_transport('rabbit://guest:guest@127.0.0.1:5672/')
Real: oslo.messaging 1.4 oslo/messaging/transport.py get_transport, Transport, TransportURL
Left out: several hosts in one URL.
"""

from urllib.parse import urlsplit

from cloud.oslo.messaging._drivers.impl_direct import DirectDriver

SCHEMES = ('rabbit', 'amqp')


def get_rpc_transport(url='', allowed_remote_exmods=(), timeout=60):
    """The Transport of the URL; '' is for one process. ValueError, in one line, for a URL that is none of ours.

    allowed_remote_exmods: modules whose exceptions travel as they are; others become RemoteError.
    timeout: seconds that a call waits unless it says otherwise.
    """
    if not url:
        return Transport(DirectDriver(), timeout)
    scheme = urlsplit(url).scheme
    if scheme not in SCHEMES:
        raise ValueError(f'transport_url = {scheme}://...: give rabbit://USER:PASSWORD@HOST:PORT/, or nothing')
    from cloud.oslo.messaging._drivers.impl_rabbit import RabbitDriver  # late: who needs no broker needs no kombu

    return Transport(RabbitDriver(url, allowed_remote_exmods), timeout)


class Transport:
    """is_local: whether all who talk over it are in this process."""

    def __init__(self, driver, timeout):
        self.driver, self.timeout = driver, timeout
        self.is_local = isinstance(driver, DirectDriver)

    def send(self, target, ctxt, message, wait_for_reply=False, timeout=None):
        """What the other side answers, for a call; None for a cast. MessagingException; what may travel."""
        return self.driver.send(target, ctxt, message, wait_for_reply, timeout or self.timeout)

    def listen(self, target, server):
        """Hand the messages for the target to the server from now on; an object to stop() that with."""
        return self.driver.listen(target, server)

    def close(self):
        self.driver.close()

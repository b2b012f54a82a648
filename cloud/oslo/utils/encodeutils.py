"""A header's text, and the bytes that it really is.

HTTP's headers are bytes. WSGI hands them over as text all the same, and takes them as text: each byte becomes the
character of that number, which is what the encoding latin-1 does. Our clients mean UTF-8. So the name "März" arrives
as "MÃ¤rz", and must be sent as that.

Use: header_text(environ['HTTP_X_USER_NAME'])  ->  'März';  text_header('März')  ->  'MÃ¤rz'
Real: oslo.utils 1.0 oslo/utils/encodeutils.py safe_decode, safe_encode, for Python 2, where headers are bytes
"""


def header_bytes(value):
    """The bytes of a header's value; a character that no header can have becomes a question mark."""
    return value.encode('latin-1', 'replace')


def header_text(value):
    """The text that a header's value means; UnicodeError if its bytes are not UTF-8."""
    return value.encode('latin-1').decode()


def text_header(text):
    """The text as WSGI and http.client want it in a header; UnicodeError if it has half characters."""
    return text.encode().decode('latin-1')

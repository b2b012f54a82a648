"""Headers: UTF-8 in bytes, which WSGI hands over as one character a byte."""

import pytest

from cloud.oslo.utils.encodeutils import header_bytes, header_text, text_header


@pytest.mark.parametrize('text', ['', 'plain', 'M\xe4rz', '\u540d', '\U0001f600'])
def test_text_comes_back_as_it_went(text):
    assert header_text(text_header(text)) == text


def test_each_byte_is_a_character():
    assert text_header('M\xe4rz') == 'M\xc3\xa4rz'
    assert header_bytes('M\xc3\xa4rz') == 'M\xe4rz'.encode()


def test_bytes_that_are_no_utf_8_have_no_text():
    with pytest.raises(UnicodeError):
        header_text('\xff')


def test_half_a_character_has_no_header():
    with pytest.raises(UnicodeError):
        text_header('\ud800')


def test_what_no_header_can_have_becomes_a_question_mark():
    assert header_bytes('a\u540d') == b'a?'

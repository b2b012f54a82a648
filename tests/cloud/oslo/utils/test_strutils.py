"""Booleans, sizes and whole numbers, read from text."""

import pytest

from cloud.oslo.utils.strutils import (
    FALSE,
    PLAIN,
    TRUE,
    bool_from_string,
    is_whole_number,
    signed_number,
    string_to_bytes,
    whole_number,
)


def test_a_boolean_has_several_spellings_in_any_case_and_with_space_around_it():
    assert all(bool_from_string(word.upper()) is True for word in TRUE)
    assert all(bool_from_string(f' {word}\n') is False for word in FALSE)


@pytest.mark.parametrize('text', ['', 'maybe', 'None', '2', 'truee'])
def test_what_is_no_boolean_is_never_taken_for_false(text):
    with pytest.raises(ValueError, match='give true or false'):
        bool_from_string(text)


def test_the_plain_words_are_booleans():
    assert [bool_from_string(word) for word in PLAIN] == [True, True, False, False]


@pytest.mark.parametrize('text', ['0', '0042', '9' * 5000])
def test_a_whole_number_is_ascii_digits(text):
    assert is_whole_number(text)


@pytest.mark.parametrize('text', ['', '-1', '+1', '1.5', '1_000', ' 1', '1\n', '٣', '²', '0x1'])
def test_nothing_else_is_a_whole_number(text):
    assert not is_whole_number(text)


def test_a_whole_number_may_have_to_be_short():
    assert is_whole_number('12', digits=2)
    assert not is_whole_number('012', digits=2)


def test_of_a_very_long_number_the_first_digits_count_and_leading_zeros_do_not():
    assert whole_number('0') == whole_number('000') == 0
    assert whole_number('0' * 5000 + '7') == 7
    assert whole_number('9' * 5000) == 10**18 - 1


def test_a_signed_number_has_at_most_eighteen_digits():
    assert [signed_number(text) for text in ('7', '+7', '-7', '9' * 18)] == [7, 7, -7, 10**18 - 1]


@pytest.mark.parametrize('text', ['', '-', '--1', '1.5', '1_000', '٣', '1\n', '9' * 19])
def test_what_is_no_signed_number_is_a_value_error(text):
    with pytest.raises(ValueError, match='give a whole number'):
        signed_number(text)


@pytest.mark.parametrize(
    ('text', 'size'),
    [('0', 0), ('100', 100), ('5B', 5), ('2KB', 2048), ('3MB', 3 * 1024**2), ('1GB', 1024**3), ('1TB', 1024**4)],
)
def test_a_size_is_a_number_with_its_unit(text, size):
    assert string_to_bytes(text) == size


@pytest.mark.parametrize('text', ['', 'GB', '5 GB', '5gb', '-1', '1.5GB', '5PB', '5GB\n', '9' * 13])
def test_what_is_no_size_is_a_value_error(text):
    with pytest.raises(ValueError, match='give a number of bytes'):
        string_to_bytes(text)

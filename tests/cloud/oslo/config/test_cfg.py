import pytest

from cloud.oslo.config.cfg import BoolOpt, FloatOpt, IntOpt, ListOpt, SizeOpt, StrOpt, parse, unread


def read(opt, text):
    return parse([opt], {opt.name: text}).x


def refusal(opt, text):
    with pytest.raises(ValueError) as caught:
        read(opt, text)
    return str(caught.value)


def test_an_option_that_is_not_set_has_its_default():
    assert parse([IntOpt('x', 7), StrOpt('y')], {}).__dict__ == {'x': 7, 'y': None}


def test_names_of_other_services_are_ignored():
    assert parse([IntOpt('x')], {'x': '1', 'other': '2'}).__dict__ == {'x': 1}


@pytest.mark.parametrize(('text', 'value'), [('7', 7), (' -1 ', -1), ('+0', 0)])
def test_a_whole_number_is_read(text, value):
    assert read(IntOpt('x'), text) == value


@pytest.mark.parametrize('text', ['abc', '', '1.5', '1_000', '٣', '9' * 19, '0x1'])
def test_what_is_no_whole_number_is_refused_with_the_options_name(text):
    assert refusal(IntOpt('x'), text) == f'x = {text}: give a whole number'


def test_a_number_must_be_in_range():
    assert refusal(IntOpt('x', min=1), '0') == 'x = 0: give at least 1'
    assert refusal(IntOpt('x', max=65535), '65536') == 'x = 65536: give at most 65535'


def test_a_number_may_have_a_fraction_where_the_option_says_so():
    assert read(FloatOpt('x'), '0.5') == 0.5
    assert [refusal(FloatOpt('x'), text) for text in ('nan', 'inf', 'y')] == [
        f'x = {text}: give a number' for text in ('nan', 'inf', 'y')
    ]


@pytest.mark.parametrize(
    ('text', 'value'), [('True', True), ('yes', True), ('1', True), ('off', False), ('FALSE', False)]
)
def test_true_and_false_have_several_spellings(text, value):
    assert read(BoolOpt('x'), text) is value


def test_a_truth_value_cannot_be_anything_else():
    assert refusal(BoolOpt('x'), 'maybe') == 'x = maybe: give true or false'


def test_text_may_be_one_of_a_few_only():
    opt = StrOpt('x', choices=('roles', 'policies'))
    assert read(opt, 'roles') == 'roles'
    assert refusal(opt, 'laws') == 'x = laws: give one of roles, policies'


def test_no_text_is_the_default():
    assert read(StrOpt('x', 'y'), '') == 'y'


def test_a_list_has_commas_or_line_ends_between_its_items():
    assert read(ListOpt('x'), 'a, b\nc,') == ['a', 'b', 'c']
    assert refusal(ListOpt('x'), ',') == 'x = ,: give at least one, with commas between them'


@pytest.mark.parametrize(
    ('text', 'size'),
    [('0', 0), ('100', 100), ('5B', 5), ('2KB', 2048), ('3MB', 3 * 1024**2), ('1GB', 1024**3), ('1TB', 1024**4)],
)
def test_a_size_counts_in_powers_of_1024(text, size):
    assert read(SizeOpt('x'), text) == size


@pytest.mark.parametrize('text', ['10 GB', '10gb', '-1', '1.5GB', 'GB', '', '1PB'])
def test_what_is_no_size_is_refused(text):
    assert refusal(SizeOpt('x'), text).startswith(f'x = {text}: give a number of bytes')


def test_a_name_that_no_table_has_is_told_with_the_one_that_is_like_it():
    parse([IntOpt('glance_num_retries')], {})
    assert unread({'glance_num_retry': '1', 'glance_num_retries': '1'}) == [('glance_num_retry', 'glance_num_retries')]
    assert unread({'quite_another_thing': '1'}) == [('quite_another_thing', None)]


def test_names_that_factories_and_paste_deploy_know_are_read():
    assert unread({'here': '/', '__file__': '/ini', 'first_curl': 'curl', 'glance.parts': object()}) == []

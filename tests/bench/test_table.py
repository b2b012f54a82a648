import pytest

from bench import table
from bench.measure import Ratio
from bench.table import Row, rates, report


@pytest.mark.parametrize(('low', 'middle', 'high', 'target', 'met'), [
    (0.3, 0.4, 0.45, {'at_most': 0.5}, 'yes'),
    (0.3, 0.504, 0.502, {'at_most': 0.5}, 'yes, not sure'),
    (0.4, 0.6, 0.7, {'at_most': 0.5}, 'no, not sure'),
    (0.6, 0.6, 0.7, {'at_most': 0.5}, 'no'),
    (1.4, 1.5, 1.6, {'at_least': 1.3}, 'yes'),
    (1.2, 1.3, 1.6, {'at_least': 1.3}, 'yes, not sure'),
    (1.1, 1.2, 1.25, {'at_least': 1.3}, 'no'),
    (1.1, 1.2, 1.25, {}, ''),
])  # fmt: skip
def test_met_compares_the_median_and_says_where_the_machine_cannot_show_it(low, middle, high, target, met):
    assert Row('a', 'b', Ratio(low, middle, high), **target).met() == met


def test_rates_are_divided_so_that_more_is_above_1():
    row = rates('8 connections', '1 connection', [2600.0, 2600.0, 2700.0], [1300.0, 1300.0, 1300.0], 1.3)
    assert row.ratio.median == 2
    assert row.cells()[-1] == '2,600 : 1,300 a second'
    assert row.met() == 'yes'


def test_the_report_begins_with_what_has_a_target(monkeypatch):
    monkeypatch.setattr(table, 'circumstances', lambda: 'here and now')  # which asks for libraries that only bench has
    aim, plain = Row('a row with an aim', 'b', Ratio(1, 1, 1), at_most=1), Row('a plain row', here='29 MB')
    before, _, after = report([plain, aim], ['\n## Notes\n']).partition('## All that was measured')
    assert 'a row with an aim' in before
    assert 'a plain row' not in before
    assert 'a plain row' in after
    assert after.endswith('## Notes\n')

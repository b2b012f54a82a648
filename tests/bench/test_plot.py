from xml.etree import ElementTree

from bench.plot import plot

SVG = '{http://www.w3.org/2000/svg}'


def test_a_plot_is_svg_with_a_line_and_a_name_for_each():
    drawn = ElementTree.fromstring(
        plot('Cost & size', {'show': [(10, 52.1), (1000, 55)], 'a < b': [(10, 99), (1000, 51)]})
    )
    words = [element.text for element in drawn.iter(f'{SVG}text')]
    assert {'Cost & size', 'show', 'a < b', '10', '1,000', '100'} <= set(words)
    lines = [element.get('points').split() for element in drawn.iter(f'{SVG}polyline')]
    assert [len(line) for line in lines] == [2, 2]


def test_a_higher_value_is_higher_up_and_names_do_not_cover_each_other():
    drawn = ElementTree.fromstring(plot('x', {'low': [(1, 10), (10, 20)], 'high': [(1, 900), (10, 20.1)]}))
    low, high = (line.get('points').split() for line in drawn.iter(f'{SVG}polyline'))
    assert float(high[0].split(',')[1]) < float(low[0].split(',')[1])
    places = {element.text: float(element.get('y')) for element in drawn.iter(f'{SVG}text')}
    assert abs(places['low'] - places['high']) >= 16

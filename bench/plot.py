"""A plot as SVG: lines over logarithmic axes, each with its name at its end.

Use: plot('Cost', {'show': [(10, 52.1), (100, 52.3)]})  ->  the file's text
"""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 860, 420, 60, 50, 210, 40  # the last four: room around the lines
COLOURS = ('#1b6ca8', '#c2410c', '#15803d', '#7e22ce', '#b91c1c')


def plot(title, lines):
    """lines: {name: [(x, y), ...]}, all greater than 0."""
    points = [point for line in lines.values() for point in line]
    across = scale([x for x, _ in points], LEFT, WIDTH - RIGHT)
    up = scale([y for _, y in points], HEIGHT - BOTTOM, TOP)
    parts = [text(LEFT, 24, title, size=15)]
    parts += [f'{rule(across(x), TOP, across(x), HEIGHT - BOTTOM)}{text(across(x), HEIGHT - 16, f"{x:,}", "middle")}'
              for x in powers(x for x, _ in points)]  # fmt: skip
    parts += [f'{rule(LEFT, up(y), WIDTH - RIGHT, up(y))}{text(LEFT - 8, up(y) + 4, f"{y:,}", "end")}'
              for y in powers(y for _, y in points)]  # fmt: skip
    names = apart({name: up(line[-1][1]) for name, line in lines.items()})
    for (name, line), colour in zip(lines.items(), COLOURS):
        track = ' '.join(f'{across(x):.1f},{up(y):.1f}' for x, y in line)
        parts.append(f'<polyline points="{track}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(text(WIDTH - RIGHT + 8, names[name] + 4, name, colour=colour))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif">'
    return '\n'.join([head, '<rect width="100%" height="100%" fill="white"/>', *parts, '</svg>']) + '\n'


def scale(values, start, end):
    """A function from a value to its place between start (a power of ten below all values) and end (one above)."""
    exponents = [math.log10(value) for value in values]
    low, high = math.floor(min(exponents)), max(math.ceil(max(exponents)), math.floor(min(exponents)) + 1)
    return lambda value: start + (math.log10(value) - low) / (high - low) * (end - start)


def powers(values):
    exponents = [math.log10(value) for value in values]
    return [10**exponent for exponent in range(math.floor(min(exponents)), math.ceil(max(exponents)) + 1)]


def apart(places, gap=16):
    """{name: place}, moved down where the names would cover each other."""
    moved, last = {}, -gap
    for name, place in sorted(places.items(), key=lambda item: item[1]):
        moved[name] = last = max(place, last + gap)
    return moved


def text(x, y, words, anchor='start', colour='#222', size=12):
    style = f'text-anchor="{anchor}" fill="{colour}" font-size="{size}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(words)}</text>'


def rule(x1, y1, x2, y2):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>'

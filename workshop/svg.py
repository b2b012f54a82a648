"""Draw boxes: rows of them with arrows in between, or one within the other; and say the same in words.

Use: text, svg = rows('What it shows', [('a name', ['auth', 'instance'])]); text, svg = nested('...', ['out', 'in'])
Real: none
"""

from html import escape

CHAR, HEIGHT, GAP, LINE, EDGE, WIDEST = 7.9, 30, 30, 46, 14, 800  # pixels
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
    'role="img" aria-labelledby="title desc" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13">\n'
    '<title id="title">{title}</title>\n<desc id="desc">{text}</desc>\n'
    '<defs><marker id="tip" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">'
    '<path d="M0,0 L8,4 L0,8 z" fill="#444"/></marker></defs>\n'
    '<rect width="100%" height="100%" rx="8" fill="#fff"/>\n'
)
COLOURS = '#e8f1fb', '#dcefe0', '#fdf1d8', '#f6e3ec', '#e9e5f6', '#e2f1f1', '#f3ead9'


def rows(title, named):
    """named: [(name, [box, ...])], a row each; the text has a sentence for each."""
    text = ' '.join(f'{name}: {" → ".join(boxes)}.' if name else f'{" → ".join(boxes)}.' for name, boxes in named)
    parts, y, widest = [], EDGE, 0
    margin = EDGE + max(width_of(name) for name, _ in named) + (GAP / 2 if any(name for name, _ in named) else 0)
    for name, boxes in named:
        parts.append(label(EDGE, y + 20, name))
        x, before = margin, None
        for number, box in enumerate(boxes):
            if x + width_of(box) + EDGE > WIDEST and before:
                x, y = margin + GAP, y + LINE  # it goes on in the next line
                before = x - GAP, y + HEIGHT / 2
            if before:
                parts.append(arrow(*before, x, y + HEIGHT / 2))
            parts.append(rectangle(x, y, width_of(box), HEIGHT, COLOURS[number % len(COLOURS)]))
            parts.append(label(x + width_of(box) / 2, y + 20, box, 'middle'))
            before = x + width_of(box), y + HEIGHT / 2
            x += width_of(box) + GAP
            widest = max(widest, x)
        y += LINE
    return text, drawing(title, text, parts, widest - GAP + EDGE, y)


def nested(title, boxes):
    """boxes: names, the outermost first."""
    text = f'From the outside in: {", ".join(boxes)}.'
    depth = len(boxes)
    width = max(width_of(box) + 2 * EDGE * number for number, box in enumerate(boxes)) + 6 * EDGE
    height = depth * (HEIGHT - 4 + EDGE) + EDGE
    parts = []
    for number, box in enumerate(boxes):
        inset, top = EDGE * number, (HEIGHT - 4) * number
        colour = COLOURS[number % len(COLOURS)]
        parts.append(rectangle(EDGE + inset, EDGE + top, width - 2 * inset, height - EDGE - top - inset, colour))
        parts.append(label(EDGE + inset + 10, EDGE + top + 18, box))
    return text, drawing(title, text, parts, width + 2 * EDGE, height + EDGE)


def width_of(text):
    return CHAR * len(text) + 20 if text else 0


def rectangle(x, y, width, height, colour):
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="5" fill="{colour}" stroke="#666"/>'


def label(x, y, text, anchor='start'):
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="#222">{escape(text)}</text>' if text else ''


def arrow(*places):
    x1, y1, x2, y2 = places
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="#444" marker-end="url(#tip)"/>'


def drawing(title, text, parts, width, height):
    head = HEAD.format(width=round(width), height=round(height), title=escape(title), text=escape(text))
    return head + '\n'.join(part for part in parts if part) + '\n</svg>\n'

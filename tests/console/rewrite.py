"""Mend an output that is no longer what its document shows, and keep of it whatever still fits.

First whole lines are paired: a line that fits stays as its author wrote it, and a line of dots goes on standing for as
many lines as it has to. Where a line is paired with one that it does not fit, the same is done with their words: ids
and dates that are still in their places stay, and so do dots. All the rest is as printed.

Use: `mend(ids, shown, printed)`
"""

import copy
import functools
import re
from collections import Counter

from tests.console.compare import UUID, VARYING, tidy

DOTS = '...'
WORDS = re.compile('|'.join([re.escape(DOTS), UUID, *VARYING, r'\w+', r'\s+', r'[^\w\s]']))
ALIKE = 0.5  # of a line: where less of it is left, it is not mended, but replaced
NEW, GONE = 0.01, 2  # what it costs: much may be new, if so all that is shown can stay


def mend(ids, shown, printed):
    """The lines of an output, each as shown where that fits what was printed, else as printed.

    ids: learns what the ids shown stand for. An id that they do not know yet stays as it was printed: a later part of
    the document may know it (see `Ids.as_written`).
    """
    lines = tidy(printed).splitlines()
    pairs = pair_lines(ids, tidy(shown).splitlines(), lines)
    mended = [mend_line(ids, *pair) for pair in pairs if pair[1] is not None or pair[0] == DOTS]
    # Whatever became of it, it has to fit: if an id would stand for two, say, nothing is kept.
    fits = copy.copy(ids).match(ids.as_written('\n'.join(mended)), printed)
    return mended if fits else lines


def mend_line(ids, written, printed):
    if printed is None or (written is not None and match_line(ids, written, printed)):
        return written
    if written is None:
        return printed
    pairs = pair_words(ids, WORDS.findall(written), WORDS.findall(printed))
    kept = sum(len(word) for word, other in pairs if word and other and could_be(ids, word, other))
    if kept < ALIKE * len(written.replace(DOTS, '')):
        return printed
    return ''.join(mend_word(ids, *pair) for pair in pairs)


def mend_word(ids, written, printed):
    if written == DOTS:
        return written
    if written and printed and could_be(ids, written, printed):
        return written if not re.fullmatch(UUID, written) or ids.learn({written: printed}) else printed
    return printed or ''


def could_be(ids, written, printed):
    """Whether a word of the document may stand for a printed one, as far as the ids are known."""
    if re.fullmatch(UUID, written) and re.fullmatch(UUID, printed):
        return copy.copy(ids).learn({written: printed})
    kind = ids.kind(written)
    return written == printed or (kind is not None and re.fullmatch(kind, printed) is not None)


def pair_lines(ids, written, printed):
    settle_ids(ids, written, printed)
    return pair(written, printed, line_cost(ids))[1]


def settle_ids(ids, written, printed):
    """Learn what an id stands for where whole lines tell: with that one they fit better than with any other.

    So the lines of two requests are kept apart where they differ in nothing but the request's id.
    """
    shown, real = unique_ids(written), unique_ids(printed)
    for new in (text for text in shown if text not in ids.real):
        costs = []
        for candidate in real:
            trial = copy.copy(ids)
            if trial.learn({new: candidate}):
                costs.append((pair(written, printed, line_cost(trial))[0], candidate))
        costs.sort()
        if len(costs) > 1 and costs[0][0] < costs[1][0]:
            ids.learn({new: costs[0][1]})


def unique_ids(lines):
    return list(dict.fromkeys(re.findall(UUID, '\n'.join(lines))))


def line_cost(ids):
    def cost(line, other):
        if fits_line(ids, line, other):
            return 0
        words, others = count_words(line), count_words(ids.as_written(other))
        return 2 - 2 * sum((words & others).values()) / max(1, sum((words + others).values()))

    return cost


def fits_line(ids, written, printed):
    """Whether the one line is the other; ids learn nothing yet."""
    if DOTS not in written and shape(written) != shape(printed):  # the usual case, told quickly
        return False
    return match_line(copy.copy(ids), written, printed)


def match_line(ids, written, printed):
    return ids.match(f'|{written}', f'|{printed}')  # the bar keeps the space at a line's beginning


@functools.lru_cache(maxsize=10000)
def shape(line):
    return re.sub('|'.join([UUID, *VARYING]), '', line)


@functools.lru_cache(maxsize=10000)
def count_words(line):
    return Counter(WORDS.findall(line))


def pair_words(ids, written, printed):
    return pair(written, printed, lambda word, other: 0 if could_be(ids, word, other) else 1)[1]


def pair(written, printed, cost):
    """The least cost, and what became of which at it: (written, printed) of each, in order, or None for one of them.

    (written, None) is gone, (None, printed) is new. Dots are free: (DOTS, None), and what they stand for is left out.
    cost(written, printed): of having the one become the other, from 0 (it fits) to 2.
    """
    ways = [[(0, None)] * (len(printed) + 1) for _ in range(len(written) + 1)]  # (cost, step) from there to the end
    for i in range(len(written), -1, -1):
        for j in range(len(printed), -1, -1):
            ways[i][j] = cheapest(ways, written, printed, cost, i, j)
    pairs, i, j = [], 0, 0
    while step := ways[i][j][1]:
        if step != (0, 1) or written[i : i + 1] != [DOTS]:
            pairs.append((written[i] if step[0] else None, printed[j] if step[1] else None))
        i, j = i + step[0], j + step[1]
    return ways[0][0][0], pairs


def cheapest(ways, written, printed, cost, i, j):
    """(cost, step) of the best way from the i-th written and the j-th printed on; a step is how far each one goes."""
    has_written, has_printed = i < len(written), j < len(printed)
    is_dots = has_written and written[i] == DOTS
    steps = []
    if has_written and has_printed and not is_dots:
        steps.append((cost(written[i], printed[j]) + ways[i + 1][j + 1][0], (1, 1)))
    if has_printed:
        steps.append(((0 if is_dots else NEW) + ways[i][j + 1][0], (0, 1)))
    if has_written:
        steps.append(((0 if is_dots else GONE) + ways[i + 1][j][0], (1, 0)))
    return min(steps, key=lambda step: step[0], default=(0, None))

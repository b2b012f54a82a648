// Two requests side by side, and the first step in which they differ.

import * as api from './api.js';
import { duration, h, labelOf, statusClass } from './dom.js';
import { Walk } from './walk.js';

const MOST = 400; // rows; those around the first difference are always among them

export class CompareView {
  constructor(request, services, open, page, other) {
    Object.assign(this, { request, open, page, other });
    this.result = h('div', { class: 'pairs', id: 'pairs' });
    this.element = h('div', { class: 'compare' }, this.chooser(), this.result);
  }

  // At first, the newest of those that are most like it.
  chooser() {
    const others = this.page.requests().filter((each) => each.id !== this.request.id);
    const likeness = (each) =>
      ['service', 'method', 'path', 'parent'].filter((name) => each[name] === this.request[name]).length;
    const most = Math.max(...others.map(likeness));
    this.other ||= others.find((each) => likeness(each) === most)?.id ?? '';
    if (this.other && !others.some((each) => each.id === this.other))
      others.unshift({ id: this.other, method: '', path: this.other, status: '' });
    this.select = h(
      'select',
      { id: 'compare-with', onchange: () => this.open('compare', this.request.id, this.select.value) },
      ...others.map((each) =>
        h(
          'option',
          { value: each.id, selected: each.id === this.other },
          `${each.method} ${each.path}  ${each.status ?? '…'}${each.refused_by ? ` ${each.refused_by}` : ''}  ${(each.started ?? '').slice(11, 19)}`,
        ),
      ),
    );
    return h('p', { class: 'chooser' }, h('label', { for: 'compare-with' }, 'Beside it: '), this.select);
  }

  async show() {
    if (!this.other) {
      this.result.replaceChildren(h('p', { class: 'empty' }, 'There is no second request yet.'));
      return;
    }
    this.result.replaceChildren(await sideBySide(this.request, this.other));
    this.result.querySelector('.differs')?.scrollIntoView({ block: 'nearest' });
  }
}

// The two walks, as an element. Used by the playground, too.
export async function sideBySide(left, rightId) {
  const [right, diff] = await Promise.all([api.request(rightId), api.diff(left.id, rightId)]);
  const walks = [new Walk(left), new Walk(right)];
  const first = diff.first_difference;
  const isFirst = (pair) => first && pair[0] === first.left && pair[1] === first.right;
  const seen = diff.pairs.filter(
    (pair) => isFirst(pair) || pair.some((n, side) => n !== null && isLandmark(walks[side], n)),
  );
  const at = Math.max(0, seen.findIndex(isFirst));
  const from = Math.max(0, Math.min(at - MOST / 2, seen.length - MOST));
  const rows = seen.slice(from, from + MOST).map((pair) => row(walks, pair, isFirst(pair)));
  const left_out = seen.length - rows.length;
  return h(
    'div',
    {},
    first ? difference(walks, first) : h('p', { class: 'same' }, 'No step differs: the two took the same way.'),
    h('table', { class: 'both' }, h('thead', {}, h('tr', {}, head(left), head(right))), h('tbody', {}, ...rows)),
    left_out ? h('p', { class: 'empty' }, `${left_out} rows further away are not shown.`) : null,
  );
}

const isLandmark = (walk, n) => Boolean(walk.byNumber.get(n)?.landmark);

const head = (request) =>
  h(
    'th',
    { scope: 'col', class: statusClass(request) },
    h('b', { class: 'method' }, request.method),
    ` ${request.path} `,
    h('span', { class: 'status' }, request.status ?? '…'),
    request.refused_by ? h('span', { class: 'by' }, ` refused by ${request.refused_by}`) : null,
  );

function row(walks, pair, differs) {
  const [left, right] = pair.map((n, side) => (n === null ? null : walks[side].byNumber.get(n)));
  const alone = !left || !right ? ' alone' : '';
  return h(
    'tr',
    { class: (differs ? 'differs' : '') + alone },
    cell(walks[0], left, differs),
    cell(walks[1], right, differs),
  );
}

function cell(walk, step, differs) {
  if (!step) return h('td', { class: 'none' }, h('span', { class: 'unseen' }, 'no such step'));
  return h(
    'td',
    {
      class: step.refused ? 'refused' : null,
      vars: { '--depth': walk.level.get(step.n) > 12 ? 12 : walk.level.get(step.n) },
    },
    h('span', { class: `kind ${step.landmark ?? 'call'}` }, step.landmark ?? 'call'),
    h('span', { class: 'label' }, labelOf(step)),
    step.refused ? h('span', { class: 'flag' }, 'refuses') : null,
    differs ? h('span', { class: 'flag first' }, 'first difference') : null,
    h('span', { class: 'time' }, duration(step.duration_us)),
  );
}

// What is different in it.
function difference(walks, first) {
  const [left, right] = [walks[0].byNumber.get(first.left), walks[1].byNumber.get(first.right)];
  const lines = [];
  const tell = (name, a, b) => JSON.stringify(a) !== JSON.stringify(b) && lines.push([name, a, b]);
  tell('step', left?.label ?? null, right?.label ?? null);
  if (left && right) {
    for (const name of new Set([...Object.keys(left.arguments ?? {}), ...Object.keys(right.arguments ?? {})])) {
      tell(name, left.arguments?.[name], right.arguments?.[name]);
    }
    tell('returned', left.result, right.result);
    tell('refused', left.refused, right.refused);
    tell('raised', left.exception?.type, right.exception?.type);
    tell('SQL', left.sql?.statement, right.sql?.statement);
    tell('answered', left.http?.status, right.http?.status);
  }
  return h(
    'div',
    { class: 'difference', id: 'difference' },
    h('h3', {}, `They part at ${(left ?? right)?.label ?? 'a step'}`),
    h(
      'table',
      {},
      h(
        'tbody',
        {},
        ...lines
          .slice(0, 8)
          .map(([name, a, b]) =>
            h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, show(a)), h('td', {}, show(b))),
          ),
      ),
    ),
  );
}

const show = (value) =>
  value === null || value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);

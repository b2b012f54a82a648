// The step under the cursor: what it received, what it changed, what it returned, and the source that did so.

import * as api from './api.js';
import { duration, h } from './dom.js';
import { code } from './source.js';

const WAYS = { in: 'on the way in', out: 'on the way out', at: 'in, and out again' };

export function detail(walk, position, open) {
  const { step, way } = position;
  return h(
    'div',
    { class: 'step-detail' },
    h(
      'p',
      { class: 'eyebrow' },
      h('span', { class: `kind ${step.landmark ?? 'call'}` }, step.landmark ?? 'call'),
      h('span', {}, step.service ?? walk.request.service),
      h('span', { class: 'way-name' }, WAYS[way]),
    ),
    h('h2', {}, step.label || step.name),
    h('p', { class: 'timing' }, `${duration(step.duration_us)}, from ${duration(step.start_us ?? 0)} on`),
    step.refused ? refusal(walk, step, open) : null,
    step.exception
      ? h('p', { class: 'exception' }, h('b', {}, step.exception.type), ` ${step.exception.message ?? ''}`)
      : null,
    part('SQL', step.sql && sql(step)),
    part('Outgoing HTTP', step.http && http(walk, step)),
    ...(way === 'out' ? parts(walk, step).reverse() : parts(walk, step)),
    part('Source', source(walk, step)),
  );
}

// In the order in which they happen; on the way out, what it returned comes first.
const parts = (walk, step) => [
  part('Received', received(walk, step)),
  part('Changed', changes(step.changed)),
  part('Returned', returned(walk, step)),
];

const part = (title, content) => (content ? h('section', { class: 'part' }, h('h3', {}, title), content) : null);

function refusal(walk, step, open) {
  const rule =
    walk.request.refusal ?? step.exception?.message ?? 'It answered itself, and those behind it never saw the request.';
  return h(
    'div',
    { class: 'stop' },
    h('p', {}, h('b', {}, walk.request.refused_by ? `Refused by ${walk.request.refused_by}` : 'Refused here')),
    h('p', {}, rule),
    h('button', { type: 'button', onclick: () => open('explain') }, 'Explain'),
  );
}

function sql(step) {
  const { statement, parameters, rows } = step.sql;
  return h(
    'div',
    {},
    h('pre', { class: 'sql', tabindex: '0' }, statement),
    table({
      parameters: text(parameters),
      rows: rows === null || rows === undefined ? null : String(rows),
      took: duration(step.duration_us),
    }),
  );
}

function http(walk, step) {
  const { method, url, status, request_id: id } = step.http;
  return h('div', {}, h('p', { class: 'mono' }, `${method} ${url}`), table({ answered: text(status), 'its id': id }));
}

function received(walk, step) {
  const whole = step.parent === null ? walk.request.request : null;
  return both(table(step.arguments), whole && message(whole));
}

function returned(walk, step) {
  const whole = step.parent === null ? walk.request.response : null;
  const result =
    step.result === null || step.result === undefined ? null : h('pre', { tabindex: '0' }, text(step.result));
  return both(result, whole && message(whole));
}

const both = (...parts) => (parts.some(Boolean) ? h('div', {}, ...parts) : null);

const message = ({ headers, body }) =>
  both(table(headers), body ? h('pre', { class: 'body', tabindex: '0' }, body) : null);

function changes(changed) {
  if (!changed) return null;
  const parts = [
    ['environ', changed.environ],
    ['headers', changed.headers],
    ['', changed.body && { body: changed.body }],
  ];
  const shown = parts.filter(([, values]) => values && Object.keys(values).length);
  return shown.length ? h('div', {}, ...shown.map(([name, values]) => changeTable(name, values))) : null;
}

const changeTable = (name, values) =>
  h(
    'table',
    { class: 'changes' },
    h('caption', {}, name || 'body'),
    h(
      'thead',
      { class: 'unseen' },
      h('tr', {}, h('th', { scope: 'col' }, 'name'), h('th', { scope: 'col' }, 'before, after')),
    ),
    h(
      'tbody',
      {},
      ...Object.entries(values).map(([key, pair]) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, key),
          h(
            'td',
            {},
            h('del', {}, pair[0] === null ? 'absent' : text(pair[0])),
            h('ins', {}, pair[1] === null ? 'removed' : text(pair[1])),
          ),
        ),
      ),
    ),
  );

function table(values) {
  const entries = Object.entries(values ?? {}).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  );
  return entries.length
    ? h(
        'table',
        {},
        h(
          'tbody',
          {},
          ...entries.map(([key, value]) => h('tr', {}, h('th', { scope: 'row' }, key), h('td', {}, text(value)))),
        ),
      )
    : null;
}

const text = (value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

// Its own lines, or where it has none (a statement, a file, a request) those that asked for it. They are fetched once
// the step stays under the cursor for a moment.
function source(walk, step) {
  let at = step;
  while (at && !at.file) at = walk.parentOf(at);
  if (!at) return null;
  const place = h('div', { class: 'source-lines', 'data-file': at.file });
  const show = async () => {
    if (!place.isConnected) return;
    try {
      place.replaceChildren(code(await api.source(at.file, at.line)));
    } catch (error) {
      place.replaceChildren(h('p', { class: 'note' }, error.message));
    }
  };
  setTimeout(show, 60);
  return h(
    'div',
    {},
    h('p', { class: 'mono where' }, at === step ? null : 'asked for by ', at.name, h('br'), `${at.file}:${at.line}`),
    at.real ? h('p', { class: 'real' }, h('b', {}, 'The real one: '), at.real) : null,
    place,
  );
}

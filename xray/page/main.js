// The page: the list on the left, the views of the chosen request in the middle, the step under the cursor on the right.
//
// The address says what is shown, #ID/view, so a link leads there and the browser's way back works.

import * as api from './api.js';
import { attempt, find, h, notice, say } from './dom.js';
import { showHeadline, showTabs } from './head.js';
import { RequestList } from './requests.js';
import { HouseView } from './house.js';
import { Street } from './street.js';
import { WalkView } from './walkview.js';
import { ExplainView } from './explain.js';
import { AgainView } from './again.js';
import { CompareView } from './compare.js';
import { PlaygroundView } from './playground.js';
import { ShareView } from './share.js';

const VIEWS = [
  ['walk', 'Walk', WalkView],
  ['explain', 'Explain', ExplainView],
  ['again', 'Send again', AgainView],
  ['compare', 'Compare', CompareView],
  ['playground', 'Playground', PlaygroundView],
  ['share', 'Keep and share', ShareView],
];
const POLL = 1500; // milliseconds between two looks at what came in

const state = { services: [], requests: [], request: null, view: null, viewName: 'walk' };
const list = new RequestList((id) => open(null, id));

// Everything that a view may want of the page.
const page = {
  open: (view, id, more) => open(view, id, more),
  requests: () => state.requests,
  storyOf: (id) => storyOf(id).map((each) => each.id),
  renew: () => renew(),
};

function open(view, id = state.request?.id, more = '') {
  const hash = `#${id}/${view ?? state.viewName}${more ? `/${more}` : ''}`;
  if (location.hash === hash) return show();
  location.hash = hash;
}

async function show(anew = false) {
  const [id, viewName = 'walk', more = ''] = decodeURIComponent(location.hash.slice(1)).split('/');
  if (!id) return showStreet();
  const same = state.request?.id === id && state.request.status !== null && anew !== true;
  if (!same) state.told = toldOf(id);
  const request = same ? state.request : await api.request(id);
  if (!decodeURIComponent(location.hash.slice(1)).startsWith(id)) return; // another was chosen meanwhile
  state.request = request;
  state.viewName = VIEWS.some(([name]) => name === viewName) ? viewName : 'walk';
  list.choose(id);
  showHeadline(request);
  showTabs(VIEWS, state.viewName, open);
  showView(more, anew === true ? state.view : null);
  if (document.body.dataset.pane === 'requests') pane('stage');
}

// before: the same view, of the same request as it was a moment ago; the cursor stays where it is.
function showView(more, before) {
  state.view?.close?.();
  const [, , View] = VIEWS.find(([name]) => name === state.viewName);
  const view = new View(state.request, state.services, page.open, page, more);
  state.view = view;
  if (before?.index) view.goOnFrom(before);
  document.body.dataset.view = state.viewName;
  find('#step').replaceChildren();
  find('#panel').replaceChildren(view.element);
  attempt(() => view.show())();
}

// Nothing is chosen yet: the houses as their inis describe them, and a request to begin with.
function showStreet() {
  state.view?.close?.();
  state.view = state.request = null;
  list.choose(null);
  document.body.dataset.view = 'street';
  const box = h('div', { class: 'street-box', id: 'street', tabindex: '0', role: 'group', 'aria-label': 'The houses' });
  find('#headline').replaceChildren(
    h('h2', {}, 'The street'),
    h('p', {}, 'Each service is a house. Choose a request on the left, and watch it walk through.'),
  );
  find('#panel').replaceChildren(box, ...firstRequests());
  if (state.services.length) new HouseView(box, new Street(null, state.services), null);
}

function firstRequests() {
  const tries = state.services.filter((each) => each.url && each.options?.first_curl);
  const lines = tries.map(({ options, url }) => options.first_curl.replaceAll('{url}', url));
  return lines.length
    ? [
        h(
          'div',
          { class: 'begin' },
          h('h3', {}, 'Send one, in a terminal'),
          ...lines.map((line) => h('pre', { tabindex: '0' }, line)),
        ),
      ]
    : [];
}

// What is known of a story by the list: it is fetched anew when this changes, for work may go on after the answer.
const toldOf = (id) =>
  storyOf(id)
    .map((each) => `${each.id} ${each.status} ${each.steps_total}`)
    .join();

// A request, and what it caused, as far as the list has them.
function storyOf(id) {
  const inStory = new Set([id]);
  const oldestFirst = [...state.requests].reverse();
  for (const each of oldestFirst) if (inStory.has(each.parent)) inStory.add(each.id);
  return oldestFirst.filter((each) => inStory.has(each.id));
}

async function renew() {
  const { requests } = await api.requests();
  state.requests = requests;
  list.update(requests);
  if (state.request && state.viewName === 'walk' && toldOf(state.request.id) !== state.told && !state.view?.timer)
    await show(true);
}

async function poll() {
  try {
    if (!document.hidden) await renew();
    document.body.classList.remove('lost');
  } catch (error) {
    if (!document.body.classList.contains('lost')) notice(error.message);
    document.body.classList.add('lost');
  }
  setTimeout(poll, POLL);
}

function pane(name) {
  document.body.dataset.pane = name;
  for (const button of document.querySelectorAll('.panes button'))
    button.setAttribute('aria-pressed', button.dataset.pane === name);
}

// A key belongs to the walk, unless what has the focus needs it itself.
function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || find('dialog[open]')) return;
  const at = event.target;
  if (at.matches('input:not([type=range]), textarea, select, [contenteditable]')) return;
  if (event.key === '?') return find('#help').showModal();
  if (/^[1-6]$/.test(event.key) && state.request) return open(VIEWS[event.key - 1][0]);
  const inList = at.closest('#request-list');
  if (event.key === 'Enter' && at.matches('button, a, summary')) return;
  if (event.key === ' ' && at.matches('button, a, summary') && !inList && !at.matches('[role=tab]')) return;
  if (at.matches('input[type=range]') && /^(Arrow|Home|End)/.test(event.key)) return;
  if (at.closest('.code, pre') && /^(ArrowUp|ArrowDown)/.test(event.key)) return;
  if (state.view?.key?.(event)) event.preventDefault();
}

async function importFile(event) {
  const [file] = event.target.files;
  event.target.value = '';
  if (!file) return;
  let record;
  try {
    record = JSON.parse(await file.text());
  } catch {
    throw new Error(`${file.name} is no JSON file. Choose one that Export has made.`);
  }
  await api.keep(record);
  await renew();
  const count = record.requests?.length ?? 0;
  say(`Imported ${count} requests.`);
  notice(`${count} request${count === 1 ? '' : 's'} imported.`);
  if (count) open('walk', record.requests[0].id);
}

async function start() {
  document.addEventListener('keydown', key);
  window.addEventListener(
    'hashchange',
    attempt(() => show()),
  );
  find('#import-file').addEventListener('change', attempt(importFile));
  find('#help-open').addEventListener('click', () => find('#help').showModal());
  for (const button of document.querySelectorAll('.panes button'))
    button.addEventListener('click', () => pane(button.dataset.pane));
  pane('requests');
  state.services = (await api.house()).services;
  await renew().catch((error) => notice(error.message));
  await show().catch((error) => notice(error.message));
  setTimeout(poll, POLL);
  document.body.classList.add('ready');
}

attempt(start)();

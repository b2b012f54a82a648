// The requests as they come, newest first. What a request caused in other services stands under it while it is chosen.

import { clip, duration, find, h, hue, statusClass } from './dom.js';

export class RequestList {
  constructor(open) {
    this.open = open;
    this.items = new Map();
    this.requests = [];
    this.chosen = null;
    this.element = find('#request-list');
    this.element.addEventListener('keydown', (event) => this.key(event));
    find('#search').addEventListener('input', () => this.show());
  }

  update(requests) {
    this.requests = requests;
    this.show();
  }

  // [request, depth, how many it caused that are not shown]: callers first, then what they caused, in the order of time.
  ordered(all) {
    const known = new Set(this.requests.map((each) => each.id));
    const inside = new Map();
    for (const each of [...this.requests].reverse()) {
      if (known.has(each.parent)) inside.set(each.parent, [...(inside.get(each.parent) ?? []), each]);
    }
    const storyOf = (each, depth) => [
      [each, depth, 0],
      ...(inside.get(each.id) ?? []).flatMap((child) => storyOf(child, depth + 1)),
    ];
    return this.requests
      .filter((each) => !known.has(each.parent))
      .flatMap((each) => {
        const story = storyOf(each, 0);
        return all || story.some(([told]) => told.id === this.chosen) ? story : [[each, 0, story.length - 1]];
      });
  }

  show() {
    const wanted = find('#search').value.trim().toLowerCase().split(/\s+/);
    const shown = this.ordered(wanted[0] !== '').filter(([each]) => {
      const told = `${each.method} ${each.path} ${each.status} ${each.service} ${each.user ?? ''} ${each.refused_by ? `refused ${each.refused_by}` : ''}`;
      return wanted.every((word) => told.toLowerCase().includes(word));
    });
    const items = shown.map((each) => this.item(...each));
    const present = [...this.element.children];
    if (items.length !== present.length || items.some((item, index) => item !== present[index])) this.place(items);
    const ids = new Set(this.requests.map((each) => each.id));
    for (const id of this.items.keys()) if (!ids.has(id)) this.items.delete(id);
    find('#requests-count').textContent = this.requests.length || '';
    const empty = find('#requests-empty');
    empty.hidden = items.length > 0;
    empty.textContent = this.requests.length
      ? 'None of the requests is like that.'
      : 'None yet. Send one with curl, and it appears here.';
  }

  // The focus stays where it was while new ones come.
  place(items) {
    const focus = this.element.contains(document.activeElement) ? document.activeElement : null;
    this.element.replaceChildren(...items);
    if (focus?.isConnected) focus.focus({ preventScroll: true });
    this.mark();
  }

  item(request, depth, folded) {
    const told = JSON.stringify([request.status, request.duration_us, request.refused_by, depth, folded]);
    const known = this.items.get(request.id);
    if (known?.told === told) return known.node;
    const node = known?.node ?? h('li', {});
    const button =
      known?.node.firstChild ??
      h('button', { type: 'button', 'data-id': request.id, onclick: () => this.open(request.id) });
    node.className = `${statusClass(request)}${depth ? ' caused' : ''}`;
    node.style.setProperty('--depth', depth);
    button.replaceChildren(...this.lines(request, depth, folded));
    if (!known) node.append(button);
    this.items.set(request.id, { node, told });
    return node;
  }

  lines(request, depth, folded) {
    const status = request.status ?? '…';
    return [
      h(
        'span',
        { class: 'line-one' },
        depth ? h('span', { class: 'caused-mark', 'aria-label': 'caused by the one above' }, '↳') : null,
        h('b', { class: 'method' }, request.method),
        ' ',
        h(
          'span',
          { class: 'path', title: request.path + (request.query ? `?${request.query}` : '') },
          clip(request.path, 80),
        ),
      ),
      h(
        'span',
        { class: 'line-two' },
        h('span', { class: 'status' }, ['refused', 'failed'].includes(statusClass(request)) ? `✕ ${status}` : status),
        request.refused_by ? h('span', { class: 'by' }, `refused by ${request.refused_by}`) : null,
        h(
          'span',
          { class: `who ${hue(request.service)}` },
          h('i', { class: 'dot', 'aria-hidden': 'true' }),
          [request.service, request.user].filter(Boolean).join(' · '),
        ),
        folded ? h('span', { class: 'folded', title: `${folded} more in other services` }, `+${folded}`) : null,
        h('span', { class: 'time' }, duration(request.duration_us)),
      ),
    ];
  }

  choose(id) {
    this.chosen = id;
    this.show();
    this.mark();
  }

  mark() {
    const id = this.chosen;
    const buttons = [...this.element.querySelectorAll('button')];
    const chosen = buttons.find((button) => button.dataset.id === id) ?? buttons[0];
    for (const button of buttons) {
      button.setAttribute('aria-current', button.dataset.id === id);
      button.tabIndex = button === chosen ? 0 : -1;
    }
  }

  key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    const buttons = [...this.element.querySelectorAll('button')];
    const next = buttons[buttons.indexOf(document.activeElement) + by];
    event.preventDefault();
    event.stopPropagation();
    if (!next) return;
    next.focus();
    this.open(next.dataset.id);
  }
}

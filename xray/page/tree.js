// The steps as a tree, of which only the rows in sight are in the document: a walk of 100,000 calls scrolls as one of ten.
//
// Use: const tree = new Tree(walk, pick); tree.show(); tree.move(position).

import { duration, h, hue, labelOf } from './dom.js';

const ROW = 28; // pixels, as in base.css
const MORE = 6; // rows drawn above and below those in sight

export class Tree {
  constructor(walk, pick, toggle) {
    this.walk = walk;
    this.pick = pick;
    this.toggle = toggle;
    this.many = new Set(walk.steps.map((step) => step.service)).size > 1;
    this.total = Math.max(walk.request.duration_us ?? 0, ...walk.rows.map((row) => row.step.duration_us ?? 0), 1);
    this.room = h('div', { class: 'rows', role: 'none' });
    this.element = h(
      'div',
      {
        class: 'tree',
        role: 'tree',
        tabindex: '0',
        'aria-label': 'Steps',
        id: 'tree',
        onscroll: () => this.show(),
      },
      this.room,
    );
    this.at = null;
  }

  show() {
    const box = this.element;
    const first = Math.max(0, Math.floor(box.scrollTop / ROW) - MORE);
    const last = Math.min(this.walk.rows.length, Math.ceil((box.scrollTop + (box.clientHeight || 300)) / ROW) + MORE);
    box.style.setProperty('--height', `${this.walk.rows.length * ROW + 8}px`);
    this.room.style.height = `${this.walk.rows.length * ROW}px`;
    this.room.replaceChildren(...this.walk.rows.slice(first, last).map((row) => this.drawRow(row)));
  }

  move(position) {
    this.at = position;
    const box = this.element;
    const top = position.row.index * ROW;
    if (top < box.scrollTop + ROW) box.scrollTop = top - ROW;
    else if (top > box.scrollTop + box.clientHeight - 2 * ROW) box.scrollTop = top - box.clientHeight + 2 * ROW;
    this.show();
    box.setAttribute('aria-activedescendant', `row-${position.step.n}`);
  }

  drawRow(row) {
    const { step } = row;
    const here = this.at?.row === row;
    const opened = this.walk.opened.has(step.n);
    const bar = Math.max(1, Math.round((100 * (step.duration_us ?? 0)) / this.total));
    return h(
      'div',
      {
        class: `row${here ? ` here ${this.at.way}` : ''}${step.refused ? ' refused' : ''}${step.landmark ? '' : ' call'}`,
        id: `row-${step.n}`,
        role: 'treeitem',
        'aria-level': row.depth + 1,
        'aria-selected': here,
        'aria-posinset': row.index + 1,
        'aria-setsize': this.walk.rows.length,
        'aria-expanded': row.folded ? opened : null,
        'data-step': step.n,
        vars: { top: `${row.index * ROW}px`, '--depth': Math.min(row.depth, 24) },
        onclick: () => this.pick(row.position),
      },
      h('span', { class: 'way', 'aria-hidden': 'true' }, here ? { in: '↓', out: '↑', at: '•' }[this.at.way] : ''),
      this.opener(row, opened),
      h('span', { class: `kind ${step.landmark ?? 'call'}` }, step.landmark ?? 'call'),
      h('span', { class: 'label' }, labelOf(step)),
      step.refused ? h('span', { class: 'flag' }, 'refuses') : null,
      step.exception && !step.refused ? h('span', { class: 'flag' }, step.exception.type) : null,
      this.many
        ? h(
            'span',
            { class: `service ${hue(step.service)}` },
            h('i', { class: 'dot', 'aria-hidden': 'true' }),
            step.service,
          )
        : null,
      h('span', { class: 'bar', 'aria-hidden': 'true' }, h('i', { vars: { width: `${bar}%` } })),
      h('span', { class: 'time' }, duration(step.duration_us)),
    );
  }

  // For the mouse; the keyboard has Enter.
  opener(row, opened) {
    if (!row.folded) return h('span', { class: 'opener' });
    return h(
      'span',
      {
        class: 'opener',
        title: opened ? 'Close' : `Open ${row.folded} calls`,
        'data-open': row.step.n,
        onclick: (event) => {
          event.stopPropagation();
          this.toggle(row.step);
        },
      },
      opened ? '▾' : `▸${row.folded}`,
    );
  }
}

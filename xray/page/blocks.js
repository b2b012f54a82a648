// A row of blocks that can be put into another order: with a pointer, and with the keyboard alone.
//
// Each block can be focused. Space lifts it, the arrows move it, Space puts it down; Delete takes it out.
// Use: new Blocks('Filters', ['auth', 'instance'], {last: 'instance'}); .names is the order.

import { h, say } from './dom.js';

export class Blocks {
  constructor(title, names, { fixed = [], offered = [], note = '' } = {}) {
    Object.assign(this, { title, names: [...names], fixed, original: [...names] });
    this.out = offered.filter((name) => !names.includes(name));
    this.lifted = null;
    this.list = h('ol', { class: 'blocks', 'aria-label': title, 'data-blocks': title });
    this.shelf = h('div', { class: 'shelf', role: 'group', 'aria-label': `${title}: taken out` });
    this.element = h(
      'section',
      { class: 'block-part' },
      h('h4', {}, title),
      note ? h('p', { class: 'note' }, note) : null,
      this.list,
      this.shelf,
    );
    this.show();
  }

  get changed() {
    return JSON.stringify(this.names) !== JSON.stringify(this.original);
  }

  show(focus) {
    this.list.replaceChildren(...this.names.map((name) => this.block(name)));
    this.shelf.replaceChildren(
      ...this.out.map((name) =>
        h('button', { type: 'button', class: 'quiet', 'data-add': name, onclick: () => this.add(name) }, `+ ${name}`),
      ),
    );
    this.shelf.hidden = !this.out.length;
    if (focus) this.handle(focus)?.focus();
  }

  handle = (name) => [...this.list.querySelectorAll('.handle')].find((each) => each.dataset.name === name);

  block(name) {
    if (this.fixed.includes(name))
      return h(
        'li',
        { class: 'block fixed', 'data-name': name },
        h('span', { class: 'handle-text' }, name),
        h('small', {}, 'stays'),
      );
    const lifted = this.lifted === name;
    const handle = h(
      'button',
      {
        type: 'button',
        class: 'handle',
        'data-name': name,
        'aria-pressed': lifted,
        'aria-label': `${name}, ${this.names.indexOf(name) + 1} of ${this.names.length}. Space lifts it, arrows move it, Delete takes it out`,
        onkeydown: (event) => this.key(event, name),
        onpointerdown: (event) => this.drag(event, name),
      },
      h('span', { class: 'grip', 'aria-hidden': 'true' }, '⠿'),
      name,
    );
    return h(
      'li',
      { class: `block${lifted ? ' lifted' : ''}`, 'data-name': name },
      handle,
      h(
        'button',
        {
          type: 'button',
          class: 'quiet drop',
          'aria-label': `Take ${name} out`,
          title: 'Take out',
          onclick: () => this.takeOut(name),
        },
        '✕',
      ),
    );
  }

  key(event, name) {
    const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    if (event.key === ' ') this.lift(name);
    else if (event.key === 'Escape' && this.lifted) this.lift(name);
    else if (event.key === 'Delete' || event.key === 'Backspace') this.takeOut(name);
    else if (by && this.lifted === name) this.move(name, this.names.indexOf(name) + by);
    else if (by) this.next(name, by);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  lift(name) {
    this.lifted = this.lifted === name ? null : name;
    say(
      this.lifted
        ? `${name} lifted. Move it with the arrows, put it down with Space.`
        : `${name} put down: ${this.names.indexOf(name) + 1} of ${this.names.length}.`,
    );
    this.show(name);
  }

  next(name, by) {
    const handles = [...this.list.querySelectorAll('.handle')];
    handles[handles.findIndex((each) => each.dataset.name === name) + by]?.focus();
  }

  // The fixed ones keep their places at the ends.
  move(name, to) {
    const free = this.names.filter((each) => !this.fixed.includes(each));
    const first = this.names.indexOf(free[0]);
    const index = Math.max(first, Math.min(to, first + free.length - 1));
    this.names.splice(this.names.indexOf(name), 1);
    this.names.splice(index, 0, name);
    say(`${name}: ${index + 1} of ${this.names.length}.`);
    this.show(name);
  }

  takeOut(name) {
    this.names.splice(this.names.indexOf(name), 1);
    this.out.push(name);
    this.lifted = null;
    say(`${name} taken out.`);
    this.show();
    (this.list.querySelector('.handle') ?? this.shelf.querySelector('button'))?.focus();
  }

  // Before what stays at the end.
  add(name) {
    this.out = this.out.filter((each) => each !== name);
    const last = this.names[this.names.length - 1];
    this.names.splice(this.fixed.includes(last) ? this.names.length - 1 : this.names.length, 0, name);
    say(`${name} added: ${this.names.indexOf(name) + 1} of ${this.names.length}.`);
    this.show(name);
  }

  drag(event, name) {
    if (event.button) return;
    const moved = (at) => {
      const blocks = [...this.list.children];
      const to = blocks.findIndex((block) => {
        const box = block.getBoundingClientRect();
        return at.clientY < box.bottom && at.clientY >= box.top && at.clientX >= box.left && at.clientX < box.right;
      });
      if (to < 0 || to === this.names.indexOf(name)) return;
      this.lifted = name;
      this.move(name, to);
    };
    const ended = () => {
      window.removeEventListener('pointermove', moved);
      window.removeEventListener('pointerup', ended);
      window.removeEventListener('pointercancel', ended);
      if (this.lifted === name) this.lift(name);
    };
    window.addEventListener('pointermove', moved);
    window.addEventListener('pointerup', ended);
    window.addEventListener('pointercancel', ended);
  }
}

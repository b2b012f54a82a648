// The view with the house, the slider and the tree: one cursor for all three.

import { duration, find, h, say } from './dom.js';
import { detail } from './detail.js';
import { HouseView } from './house.js';
import { Street } from './street.js';
import { Tree } from './tree.js';
import { Walk } from './walk.js';

const PACE = 420; // milliseconds that the walker stays in a place while it plays

export class WalkView {
  constructor(request, services, open) {
    this.walk = new Walk(request);
    this.services = services;
    this.open = open;
    this.index = 0;
    this.tree = new Tree(
      this.walk,
      (index) => this.go(index),
      (step) => this.toggle(step),
    );
    this.street = h('div', {
      class: 'street-box',
      id: 'street',
      tabindex: '0',
      role: 'group',
      'aria-label': 'The house',
    });
    this.element = h('div', { class: 'walk' }, this.street, this.controls(), this.left(), this.tree.element);
  }

  controls() {
    const button = (name, title, text, act) =>
      h('button', { type: 'button', id: name, 'aria-label': title, title, onclick: act }, text);
    this.slider = h('input', {
      type: 'range',
      id: 'slider',
      min: 0,
      max: 0,
      'aria-label': 'Step',
      oninput: () => this.go(Number(this.slider.value)),
    });
    this.playing = button('play', 'Play', '▶', () => this.playOrPause());
    this.counter = h('output', { id: 'counter', for: 'slider' });
    return h(
      'div',
      { class: 'player', role: 'group', 'aria-label': 'Walk' },
      button('first', 'First step', '⇤', () => this.go(0)),
      button('back', 'One step back', '←', () => this.step(-1)),
      this.playing,
      button('next', 'One step further', '→', () => this.step(1)),
      button('last', 'Last step', '⇥', () => this.go(this.walk.positions.length - 1)),
      this.track(),
      this.counter,
      button('all', 'Open all calls', '✳', () => this.toggleAll()),
      button('whole', 'The whole street', '⤢', () => this.toggleWhole()),
    );
  }

  // The slider, with a mark where the request was refused.
  track() {
    this.mark = h('i', { class: 'refusal-mark', 'aria-hidden': 'true' });
    return h('div', { class: 'track' }, this.slider, this.mark);
  }

  left() {
    const left = this.walk.request.steps_left_out;
    return left
      ? h(
          'p',
          { class: 'left-out' },
          `${left} of ${this.walk.request.steps_total} calls were left out: the record is bounded.`,
        )
      : null;
  }

  goOnFrom(before) {
    this.walk.opened = before.walk.opened;
    this.walk.fold();
    this.index = Math.min(before.index, this.walk.positions.length - 1);
  }

  // Called once the element is in the document: the house needs to know its room.
  show() {
    if (!this.walk.steps.length) {
      this.street.replaceChildren(h('p', { class: 'empty' }, 'This request has no steps yet.'));
      return;
    }
    this.tree.show(); // which leaves the house the room that it does not need
    const street = new Street(this.walk, this.services);
    const pick = (place) => this.goTo(street, place);
    this.house = new HouseView(this.street, street, this.walk, pick);
    find('#whole').hidden = !this.house.isCut;
    this.renew();
    this.go(this.index);
  }

  renew() {
    this.slider.max = this.walk.positions.length - 1;
    const at = this.walk.refusalPosition;
    this.mark.hidden = at === null;
    if (at !== null) this.mark.style.setProperty('--at', at / Math.max(1, this.walk.positions.length - 1));
    find('#all')?.setAttribute('aria-pressed', this.walk.opened.size > 0);
  }

  toggleWhole() {
    this.house.toggleWhole();
    find('#whole').setAttribute('aria-pressed', this.house.whole);
    this.go(this.index);
  }

  goTo(street, place) {
    const found = this.walk.positions.findIndex(
      (each, index) => index > this.index && street.placeOf.get(each.step.n) === place,
    );
    const index =
      found >= 0 ? found : this.walk.positions.findIndex((each) => street.placeOf.get(each.step.n) === place);
    if (index >= 0) this.go(index);
  }

  go(index) {
    const { positions } = this.walk;
    if (!positions.length) return;
    this.index = Math.max(0, Math.min(index, positions.length - 1));
    const position = positions[this.index];
    const text = this.describe(position);
    this.slider.value = this.index;
    this.slider.setAttribute('aria-valuetext', text);
    this.counter.textContent = `${this.index + 1} / ${positions.length}`;
    this.house.move(this.index);
    this.tree.move(position);
    find('#step').replaceChildren(detail(this.walk, position, this.open));
    if (!this.timer) say(text);
  }

  describe({ step, way }) {
    const refuses = step.refused ? `. Refused: ${this.walk.request.refusal ?? step.exception?.message ?? 'here'}` : '';
    return `Step ${this.index + 1} of ${this.walk.positions.length}: ${step.label || step.name}, ${
      { in: 'in', out: 'out', at: 'in and out' }[way]
    }, ${duration(step.duration_us)}${refuses}`;
  }

  step(by) {
    this.pause();
    this.go(this.index + by);
  }

  toggle(step) {
    this.change(() => this.walk.toggle(step));
  }

  toggleAll() {
    this.change(() => this.walk.toggleAll());
  }

  // What is folded changes; the cursor stays on its step.
  change(fold) {
    const { step, way } = this.walk.positions[this.index];
    fold();
    const row = this.walk.rowFor(step);
    this.house.learn();
    this.renew();
    this.go(way === 'out' ? row.end : row.position);
  }

  playOrPause() {
    if (this.timer) return this.pause();
    const last = this.walk.positions.length - 1;
    if (this.index === last) this.go(0);
    this.playing.textContent = '❚❚';
    this.playing.setAttribute('aria-label', 'Pause');
    this.timer = setInterval(() => {
      this.go(this.index + 1);
      if (this.index === last || this.index === this.walk.refusalPosition) this.pause();
    }, PACE);
  }

  pause() {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
    this.playing.textContent = '▶';
    this.playing.setAttribute('aria-label', 'Play');
    say(this.describe(this.walk.positions[this.index]));
  }

  close() {
    this.pause();
  }

  // Whether the key was one of the walk's.
  key(event) {
    const keys = {
      ArrowRight: () => this.step(1),
      ArrowDown: () => this.step(1),
      ArrowLeft: () => this.step(-1),
      ArrowUp: () => this.step(-1),
      ' ': () => this.playOrPause(),
      Home: () => this.step(-Infinity),
      End: () => this.step(Infinity),
      Enter: () => this.toggle(this.walk.positions[this.index].step),
      '*': () => this.toggleAll(),
      w: () => this.house.isCut && this.toggleWhole(),
      r: () => this.walk.refusalPosition !== null && this.go(this.walk.refusalPosition),
    };
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || !this.walk.positions.length) return false;
    act();
    return true;
  }
}

// Draw the street, and move the walker through it.
//
// Use: const view = new HouseView(container, street, walk); view.move(index of a position).
// All is laid out once; a move changes a few classes and one transform.

import { clip, draw, hue } from './dom.js';
import { BETWEEN, CORE, FLOOR, GAP, LANE, PAVEMENT, ROOF, WALL, layHouse } from './layout.js';
import { details } from './street.js';

const [SMALLEST, LARGEST] = [0.72, 1.2]; // scales at which a street is shown whole of itself

const ICONS = {
  sql: 'M-10-7c0-5 20-5 20 0v14c0 5-20 5-20 0zM-10-7c0 5 20 5 20 0M-10 0c0 5 20 5 20 0',
  store: 'M-11-6 0-11l11 5V7L0 12-11 7zM-11-6 0 0l11-6M0 0v12',
  file: 'M-8-11H3l6 6v16H-8zM3-11v6h6',
  http: 'M-11 0h20M3-7l7 7-7 7',
  rpc: 'M-11-7h22V7h-22zM-11-7 0 2l11-9',
  job: 'M0-4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M0-11v4M0 7v4M-11 0h4M7 0h4M-8-8l3 3M5 5l3 3M8-8 5-5M-5 5l-3 3',
};

export class HouseView {
  constructor(container, street, walk, pick) {
    this.container = container;
    this.street = street;
    this.walk = walk;
    this.pick = pick;
    this.nodes = new Map();
    this.texts = new Map();
    this.wide = container.clientWidth > 500; // the rings beside the floors, else below them
    this.render();
  }

  render() {
    let x = 16;
    let height = 0;
    for (const house of this.street.houses.values()) {
      layHouse(house, x, this.wide);
      x += house.width + BETWEEN;
      height = Math.max(height, house.bottom);
    }
    this.width = x - BETWEEN + 16;
    this.height = height + PAVEMENT;
    const high = (this.container.clientHeight - 12) / this.height;
    const room = Math.min(this.container.clientWidth / this.width, high);
    this.isCut = room <= SMALLEST;
    this.scale = this.isCut && !this.whole ? Math.max(SMALLEST, Math.min(high, 1)) : Math.min(room, LARGEST);
    this.svg = draw('svg', {
      class: 'street',
      role: 'img',
      viewBox: `0 0 ${this.width} ${this.height}`,
      width: Math.round(this.width * this.scale),
      height: Math.round(this.height * this.scale),
      'aria-label': 'The street',
    });
    const ground = `M0 ${height + 0.5}H${this.width}`;
    this.svg.append(draw('path', { class: 'pavement', d: ground }));
    for (const wire of this.street.wires.values()) this.svg.append(this.drawWire(wire, height));
    for (const house of this.street.houses.values()) this.svg.append(this.drawHouse(house, height));
    this.walker = draw(
      'g',
      { class: 'walker' },
      draw('rect', { x: -11, y: -8, width: 22, height: 16, rx: 3 }),
      draw('path', { d: 'M-10-6 0 2 10-6' }),
    );
    if (this.walk) this.svg.append(this.walker);
    this.container.replaceChildren(this.svg);
  }

  // The whole street, small; or the house that the request is in, as large as it can be read.
  toggleWhole() {
    this.whole = !this.whole;
    this.nodes.clear();
    this.texts.clear();
    this.render();
  }

  // -- how it looks

  drawHouse(house, ground) {
    const { x, width, bottom } = house;
    const group = draw('g', {
      class: `house ${hue(house.name)}`,
      'data-service': house.name,
      transform: `translate(0 ${ground - bottom})`,
    });
    house.shift = ground - bottom;
    group.append(
      draw('path', {
        class: 'roof',
        d: `M${x - 10} ${ROOF}L${x + 24} 10H${x + width - 24}L${x + width + 10} ${ROOF}z`,
      }),
      draw('rect', { class: 'wall', x, y: ROOF, width, height: bottom - ROOF }),
      draw('text', { class: 'name', x: x + width / 2, y: 33, 'text-anchor': 'middle' }, house.name),
    );
    if (house.floors.length && this.walk) group.append(this.drawLanes(house));
    for (const floor of house.floors) group.append(this.drawFloor(floor));
    if (house.onion) group.append(this.drawOnion(house));
    if (house.cellar.length) {
      group.append(draw('path', { class: 'ceiling', d: `M${x} ${house.cellarTop}h${width}` }));
      for (const item of house.cellar) group.append(this.drawItem(item));
    }
    return group;
  }

  // Down on the left as far as the request came, and up again on the right.
  drawLanes(house) {
    const reached = house.floors.filter((floor) => floor.calls);
    const last = reached[reached.length - 1] ?? house.floors[0];
    const [left, right] = [house.x + LANE / 2, house.x + WALL - LANE / 2];
    const turn = last.y + FLOOR + 3;
    Object.assign(house, { left, right, turn });
    house.trail = draw('path', { class: 'trail', d: '' });
    return draw('g', {}, draw('path', { class: 'lane', d: this.lane(house, ROOF) }), house.trail);
  }

  // The lane up to a height: on the way down (out is false), or once it has turned.
  lane({ left, right, turn }, until, out = true) {
    return out ? `M${left} ${ROOF}V${turn - 8}q0 8 8 8H${right - 8}q8 0 8 -8V${until}` : `M${left} ${ROOF}V${until}`;
  }

  drawFloor(floor) {
    const title = clip(floor.title, 30);
    const text = draw('text', {
      class: 'detail',
      x: floor.x + WALL - 2 * LANE - 10,
      y: floor.middle + 4,
      'text-anchor': 'end',
    });
    this.texts.set(floor, text);
    this.write(floor, floor.detail);
    return this.node(
      floor,
      'floor',
      draw('rect', { x: floor.x, y: floor.y, width: WALL - 2 * LANE, height: FLOOR, rx: 7 }),
      draw('text', { class: 'title', x: floor.x + 12, y: floor.middle + 4.5 }, title),
      text,
    );
  }

  write(floor, detail) {
    const room = Math.floor((WALL - 2 * LANE - 34 - 7.2 * Math.min(floor.title.length, 30)) / 6.2);
    const shown = room > 6 ? detail : '';
    this.texts.get(floor).textContent = shown.length > room ? `…${shown.slice(1 - room)}` : shown;
  }

  drawOnion(house) {
    const { x, y } = house.onion;
    const group = draw('g', { class: 'onion' });
    for (const ring of house.rings) {
      group.append(
        this.node(
          ring,
          'ring',
          draw('circle', { cx: x, cy: y, r: ring.radius }),
          draw('text', { x, y: y - ring.radius + 14.5, 'text-anchor': 'middle' }, ring.title),
        ),
      );
    }
    group.append(
      draw('circle', { class: 'core', cx: x, cy: y, r: CORE }),
      draw('text', { class: 'core-name', x, y: y + 4, 'text-anchor': 'middle' }, 'image'),
    );
    return group;
  }

  drawItem(item) {
    const times = item.calls > 1 ? ` ×${item.calls}` : '';
    return this.node(
      item,
      'item',
      draw('circle', { cx: item.x, cy: item.y, r: 20 }),
      draw('path', { transform: `translate(${item.x} ${item.y})`, d: ICONS[item.kind] ?? ICONS.file }),
      draw('text', { x: item.x, y: item.y + 36, 'text-anchor': 'middle' }, item.title + times),
    );
  }

  drawWire(wire, ground) {
    const x = wire.house.x;
    const gap = x - 26;
    const from = wire.from.x;
    const down = ground + 9 + ((5 * this.nodes.size) % 20); // so that no two lie on each other
    const door = ground - wire.house.bottom + ROOF + GAP + FLOOR / 2;
    const side = gap > from ? -8 : 8;
    const d = `M${from} ${ground}V${down - 8}q0 8 ${-side} 8H${gap + side}q${-side} 0 ${-side} -8V${door + 8}q0 -8 8 -8H${x}`;
    const node = draw(
      'g',
      { class: 'wire' },
      draw('path', { d }),
      draw('path', { class: 'tip', d: `M${x - 8} ${door - 5}l8 5-8 5` }),
    );
    this.nodes.set(wire, node);
    return node;
  }

  node(place, name, ...parts) {
    const missed = this.walk && !place.calls ? ' missed' : '';
    const group = draw(
      'g',
      { class: `place ${name}${missed}`, 'data-place': place.key, onclick: () => this.pick?.(place) },
      ...parts,
    );
    this.nodes.set(place, group);
    return group;
  }

  // -- the walk

  // Called when the positions have changed: the first position at which each place is entered.
  learn() {
    this.first = new Map();
    this.walk.positions.forEach((position, index) => {
      const place = this.street.placeOf.get(position.step.n);
      if (place && !this.first.has(place)) this.first.set(place, index);
    });
  }

  move(index) {
    if (!this.first) this.learn();
    const position = this.walk.positions[index];
    const here = this.street.placeOf.get(position.step.n);
    const refused = this.walk.refusalPosition === index;
    const wrecked = this.walk.refusalPosition !== null && index >= this.walk.refusalPosition;
    const broken = wrecked && this.street.placeOf.get(this.walk.refusing.n);
    for (const [place, node] of this.nodes) {
      const list = node.classList;
      list.toggle('here', place === here);
      list.toggle('visited', this.first.get(place) <= index);
      list.toggle('refused', place === broken);
    }
    for (const wire of this.street.wires.values())
      this.nodes.get(wire).classList.toggle('here', wire.house === here?.house);
    for (const house of this.street.houses.values()) this.drawTrail(house, index);
    if (here) this.enter(here, position, refused);
  }

  // The way through a house so far: as far as the last of its floors that the walk has come by.
  drawTrail(house, index) {
    const reached = house.floors.some((floor) => this.first.get(floor) <= index);
    let at = reached ? index : -1;
    while (at >= 0 && !house.floors.includes(this.placeAt(at))) at -= 1;
    const floor = at >= 0 ? this.placeAt(at) : null;
    house.trail.setAttribute('d', floor ? this.lane(house, floor.middle, this.walk.positions[at].way === 'out') : '');
  }

  placeAt = (index) => this.street.placeOf.get(this.walk.positions[index].step.n);

  enter(here, position, refused) {
    const found = details(this.walk, position.step);
    for (const floor of here.house.floors) {
      this.write(floor, floor.calls ? (found[floor.kind] ?? floor.detail) : 'not reached');
    }
    const [x, y] = position.way === 'out' ? here.out : here.in;
    const top = y + here.house.shift;
    this.walker.style.transform = `translate(${x}px, ${top}px)`;
    this.walker.classList.toggle('back', position.way === 'out');
    this.walker.classList.toggle('refused', refused);
    this.svg.setAttribute('aria-label', `The street. The request is in ${here.title} of ${here.house.name}.`);
    this.follow(x * this.scale, top * this.scale, here.house);
  }

  // Keep the walker in sight; a house that fits is shown whole.
  follow(x, y, house) {
    const box = this.container;
    const [left, right] = [house.x * this.scale - 30, (house.x + house.width) * this.scale + 16];
    const fits = right - left <= box.clientWidth;
    const to = {};
    if (fits && (left < box.scrollLeft || right > box.scrollLeft + box.clientWidth))
      to.left = (left + right - box.clientWidth) / 2;
    if (!fits && (x < box.scrollLeft + 40 || x > box.scrollLeft + box.clientWidth - 60))
      to.left = x - box.clientWidth / 2;
    if (y < box.scrollTop + 40 || y > box.scrollTop + box.clientHeight - 50) to.top = y - box.clientHeight / 2;
    if ('left' in to || 'top' in to) box.scrollTo(to);
  }
}

// What stands on the street: a house for each service of the story, with its floors, rings and cellar.
//
// server, filters in the ini's order, router, dispatch, action are floors; the layers of glance's onion are rings;
// what lies below the action (database, store, calls to others) is the cellar. What the ini does not tell, such as
// a student's own filter, is found in the steps.

const CELLAR = { sql: 'database', store: 'store', file: 'files', http: 'HTTP', rpc: 'messages', job: 'jobs' };
const FLOORS = ['server', 'filter', 'router', 'dispatch', 'action'];

const plain = (text) => text.toLowerCase().replace(/[_-]/g, ' ').replace(/s\b/g, '');
const afterWord = (step, word) => step.label.replace(new RegExp(`^${word}\\s+`), '');
const factoryName = (factory = '') => factory.replace(/^.*?([^.:]*:)/, '$1').replace(/\.factory$/, '');
const baseName = (path = '') => path.split('/').pop();
const shortName = (step) => (step.name ?? '').split('.').slice(-2).join('.');

export class Street {
  constructor(walk, services) {
    this.services = new Map(services.map((service) => [service.name, service]));
    this.houses = new Map();
    this.placeOf = new Map();
    this.wires = new Map();
    if (walk) for (const step of walk.steps) this.put(walk, step);
    else for (const service of services) this.open(service.name);
  }

  // The house of a service, with the floors that its ini names.
  open(name) {
    if (!this.houses.has(name)) {
      const known = this.services.get(name) ?? {};
      const house = { name, known, floors: [], rings: [], cellar: [], places: new Map() };
      this.houses.set(name, house);
      if (known.pipeline) this.add(house, 'server', 'server', 'server', baseName(known.ini));
      for (const each of (known.pipeline ?? []).slice(0, -1)) {
        if (each === 'xray') continue; // it watches, from the attic
        const filter = known.filters?.find((candidate) => candidate.name === each);
        this.add(house, `filter:${each}`, 'filter', each, factoryName(filter?.factory));
      }
      if (known.routes?.length) {
        this.add(house, 'router', 'router', 'router', `${known.routes.length} routes`);
        this.add(house, 'dispatch', 'dispatch', 'dispatch', '');
        this.add(house, 'action', 'action', 'action', '');
      }
    }
    return this.houses.get(name);
  }

  add(house, key, kind, title, detail) {
    const place = { key, kind, title, detail, house, calls: 0, index: house.places.size };
    house.places.set(key, place);
    if (kind === 'layer') house.rings.push(place);
    else if (FLOORS.includes(kind) || kind === 'entry') this.insertFloor(house, place);
    else house.cellar.push(place);
    return place;
  }

  // A floor goes below the last one of its kind or of a kind above it.
  insertFloor(house, place) {
    const rank = (floor) => (floor.kind === 'entry' ? 0 : FLOORS.indexOf(floor.kind));
    const below = house.floors.findIndex((floor) => rank(floor) > rank(place));
    house.floors.splice(below < 0 ? house.floors.length : below, 0, place);
  }

  put(walk, step) {
    const parent = walk.parentOf(step);
    const name = step.service ?? walk.request.service;
    const house = this.open(name);
    const enters = !parent || (parent.service ?? walk.request.service) !== name;
    if (parent && enters) this.wire(parent, this.placeOf.get(parent.n), house);
    const place = step.landmark ? this.place(house, step, enters) : null;
    if (place) place.calls += 1;
    this.placeOf.set(step.n, place ?? (enters ? null : this.placeOf.get(step.parent)) ?? house.floors[0] ?? null);
  }

  place(house, step, enters) {
    const kind = step.landmark;
    if (kind === 'filter') return this.filter(house, step);
    if (kind === 'layer') return this.layer(house, step);
    if (kind in CELLAR && (enters || step.label.startsWith('message ')))
      return this.once(house, 'entry', 'entry', 'message', '');
    if (kind in CELLAR) return this.once(house, kind, kind, CELLAR[kind], '');
    return this.once(house, kind, kind, kind, kind === 'server' ? baseName(house.known.ini) : '');
  }

  once(house, key, kind, title, detail) {
    return house.places.get(key) ?? this.add(house, key, kind, title, detail);
  }

  filter(house, step) {
    const name = afterWord(step, 'filter');
    const known = house.known.filters?.find(
      (each) => each.name === name || each.factory?.split(':')[0] === step.module,
    );
    return this.once(house, `filter:${known?.name ?? name}`, 'filter', known?.name ?? name, shortName(step));
  }

  layer(house, step) {
    const layers = house.known.layers ?? [];
    for (const layer of layers) this.once(house, `layer:${layer}`, 'layer', layer, '');
    const told = plain(`${step.label} ${step.module ?? ''}`);
    const name =
      layers.find((layer) => told.startsWith(plain(layer))) ?? layers.find((layer) => told.includes(plain(layer)));
    const own = name ?? step.label.split(/ layer|:/)[0];
    return this.once(house, `layer:${own}`, 'layer', own, '');
  }

  wire(step, from, house) {
    const key = `${from?.house.name} ${house.name}`;
    if (from && from.house !== house && !this.wires.has(key)) this.wires.set(key, { from, house, key });
  }
}

// What the floors say while a step is under the cursor: the matched row, the controller and the action of its request.
export function details(walk, step) {
  const found = {};
  const entrance = walk.entranceOf(step);
  const caller = walk.parentOf(entrance);
  const method = caller?.http?.method ?? walk.request.method;
  if (entrance.landmark === 'rpc') found.entry = entrance.label.replace(/^message /, '');
  for (const at of within(walk, entrance)) {
    const row = at.landmark === 'router' && at.label.split(': ')[1];
    if (row) found.router = `${method} ${row}`;
    if (at.landmark === 'dispatch') found.dispatch = at.label.replace(/^dispatch /, '');
    if (at.landmark === 'action' && !(found.action && /ializer\./.test(at.name))) found.action = shortName(at);
  }
  for (let at = step; at && at !== entrance; at = walk.parentOf(at)) {
    if (at.landmark === 'action') found.action = shortName(at);
  }
  return found;
}

// The floors' steps of one request to one service. They are few, and those below the action are not asked.
function* within(walk, entrance) {
  const pending = [entrance];
  while (pending.length) {
    const at = pending.pop();
    yield at;
    if (at.landmark === 'action') continue;
    const inside = walk.inside.get(at.n);
    for (let i = inside.length - 1; i >= 0; i -= 1) if (inside[i].service === entrance.service) pending.push(inside[i]);
  }
}

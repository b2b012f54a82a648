// Where everything is: the measures of a house, and the places that the walker goes to.
//
// Use: layHouse(house, x, wide) writes x, width, bottom into the house, and `in` and `out`, [x, y], into each place.

export const FLOOR = 33;
export const GAP = 7;
export const WALL = 336;
export const LANE = 34;
export const ROOF = 46;
const BAND = 19;
export const CORE = 26;
const CELL = 74;
export const BETWEEN = 64;
export const PAVEMENT = 34;

// wide: the rings stand beside the floors, else below them.
export function layHouse(house, x, wide) {
  const radius = house.rings.length ? CORE + BAND * house.rings.length : 0;
  const stacked = house.floors.length * (FLOOR + GAP) + GAP;
  const beside = radius && wide;
  house.x = x;
  house.width = beside ? WALL + 2 * radius + 12 : WALL;
  const inside = beside ? Math.max(stacked, 2 * radius + 20) : stacked + (radius ? 2 * radius + 12 : 0);
  house.floors.forEach((floor, index) => layFloor(floor, x, ROOF + GAP + index * (FLOOR + GAP)));
  if (radius) {
    const middle = beside
      ? [x + WALL + radius - 6, ROOF + inside - radius - 8]
      : [x + WALL / 2, ROOF + stacked + radius];
    layRings(house, ...middle, radius);
  }
  const cellar = house.cellar.length ? CELL : 0;
  house.cellarTop = ROOF + inside + 4;
  house.cellar.forEach((item, index) => layItem(item, house, index));
  house.bottom = house.cellarTop + (cellar || 6);
}

function layFloor(floor, x, y) {
  Object.assign(floor, { x: x + LANE, y, middle: y + FLOOR / 2 });
  floor.in = [x + LANE / 2, floor.middle];
  floor.out = [x + WALL - LANE / 2, floor.middle];
}

function layRings(house, x, y, radius) {
  house.onion = { x, y, radius };
  house.rings.forEach((ring, index) => {
    ring.radius = radius - index * BAND;
    const [dx, dy] = [0.95 * (ring.radius - BAND / 2), 0.31 * (ring.radius - BAND / 2)];
    Object.assign(ring, { x, y, in: [x - dx, y + dy], out: [x + dx, y + dy] });
  });
}

function layItem(item, house, index) {
  const step = Math.min(110, (house.width - 20) / house.cellar.length);
  const x = house.x + house.width / 2 + (index - (house.cellar.length - 1) / 2) * step;
  Object.assign(item, { x, y: house.cellarTop + 27 });
  item.in = item.out = [x - 29, item.y];
}

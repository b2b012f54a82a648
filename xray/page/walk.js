// The walk: which steps are seen, and the places that the cursor goes through, in and out again.
//
// A step with a landmark is always seen. The other calls fold under the step that made them, until it is opened.
// A step that has seen ones inside has two positions, on the way in and on the way out; any other has one.

import { inParts } from './parts.js';

export class Walk {
  constructor(request) {
    this.request = request;
    this.steps = inParts(request.steps ?? []);
    this.byNumber = new Map(this.steps.map((step) => [step.n, step]));
    this.inside = new Map(this.steps.map((step) => [step.n, []]));
    this.level = new Map(); // how deep, counted from the parents: what was left out leaves no gap
    for (const step of this.steps) {
      this.inside.get(step.parent)?.push(step);
      this.level.set(step.n, (this.level.get(step.parent) ?? -1) + 1);
    }
    this.opened = new Set();
    this.refusing = this.findRefusal();
    this.fold();
  }

  parentOf(step) {
    return this.byNumber.get(step.parent) ?? null;
  }

  // The innermost step that refused: those around it only passed the refusal on.
  findRefusal() {
    let found = null;
    for (const step of this.steps)
      if (step.refused && (!found || this.level.get(step.n) > this.level.get(found.n))) found = step;
    return found;
  }

  isSeen(step) {
    return (
      Boolean(step.landmark) ||
      step === this.refusing ||
      this.opened.has(step.parent) ||
      !this.byNumber.has(step.parent)
    );
  }

  // The rows, and the positions, from what is opened. Without recursion: a record may be deep.
  fold() {
    this.rows = [];
    this.positions = [];
    this.rowOf = new Map();
    const enclosing = []; // the seen steps around the present one
    const leave = (row) => {
      const inner = row.last ?? this.positions.length - 1;
      if (inner === row.position) this.positions[row.position].way = 'at';
      else this.positions.push({ row, step: row.step, way: 'out' });
      row.end = this.positions.length - 1;
    };
    for (const step of this.steps) {
      while (enclosing.length && !this.contains(enclosing[enclosing.length - 1].step, step)) leave(enclosing.pop());
      if (!this.isSeen(step)) {
        continue;
      }
      const row = { step, index: this.rows.length, depth: enclosing.length, position: this.positions.length };
      this.rows.push(row);
      this.rowOf.set(step.n, row);
      this.positions.push({ row, step, way: 'in' });
      enclosing.push(row);
    }
    while (enclosing.length) leave(enclosing.pop());
    for (const row of this.rows) row.folded = this.callsUnder(row.step);
  }

  contains(outer, step) {
    let at = step;
    while (at && this.level.get(at.n) > this.level.get(outer.n)) at = this.parentOf(at);
    return at === outer;
  }

  // How many calls opening this step would show.
  callsUnder(step) {
    let calls = 0;
    for (const call of this.inside.get(step.n)) if (!call.landmark && call !== this.refusing) calls += 1;
    return calls;
  }

  toggle(step) {
    if (!this.opened.delete(step.n)) this.opened.add(step.n);
    this.fold();
  }

  toggleAll() {
    this.opened = this.opened.size ? new Set() : new Set(this.steps.map((step) => step.n));
    this.fold();
  }

  // The seen step that a step is, or is folded under.
  rowFor(step) {
    let at = step;
    while (at && !this.rowOf.has(at.n)) at = this.parentOf(at);
    return at ? this.rowOf.get(at.n) : null;
  }

  get refusalPosition() {
    const row = this.refusing && this.rowFor(this.refusing);
    return row ? row.end : null;
  }

  // Where a step's service is entered: the outermost step of the same service around it.
  entranceOf(step) {
    let at = step;
    for (let up = this.parentOf(at); up && up.service === step.service; up = this.parentOf(at)) at = up;
    return at;
  }
}

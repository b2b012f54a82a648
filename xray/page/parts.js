// Nova's parts, each a house of its own, though they may all live in nova-api's process and then have its name.
//
// Whoever takes a message begins a part: conductor, scheduler or compute. What is called there is called in that part,
// until it asks another service, or another part takes a message.

const MANAGER = /^cloud\.nova\.(conductor|scheduler|compute)\.manager\.\w+\.\w+$/;
const CARRIES = /\b(RPCDispatcher\.dispatch|RPCServer\.process)$/;

// The steps, as copies in which each says the part that it is in.
export function inParts(steps) {
  if (!steps.some((step) => CARRIES.test(step.name ?? ''))) return steps;
  const copies = steps.map((step) => ({ ...step }));
  const byNumber = new Map(copies.map((step) => [step.n, step]));
  const taken = new Map(); // the number of a step -> the part that it begins
  for (const step of copies) {
    const carrier = byNumber.get(step.parent);
    if (carrier && MANAGER.test(step.name ?? '') && CARRIES.test(carrier.name)) take(step, carrier, byNumber, taken);
  }
  return inherit(copies, byNumber, taken);
}

function take(step, carrier, byNumber, taken) {
  const part = `nova-${MANAGER.exec(step.name)[1]}`;
  let first = carrier;
  for (let up = byNumber.get(first.parent); up && CARRIES.test(up.name ?? ''); up = byNumber.get(first.parent))
    first = up;
  const message = `message ${step.name.split('.').pop()}`;
  carrier.landmark = null; // one of the two is enough
  Object.assign(first, { landmark: 'rpc', label: message });
  step.landmark = 'action';
  step.label = `action ${step.name.split('.').slice(-2).join('.')}`;
  taken.set(first.n, part);
}

function inherit(copies, byNumber, taken) {
  const homes = new Map(); // the number of a step -> [its process's name, the part]
  for (const step of copies) {
    const around = homes.get(step.parent);
    const part = taken.get(step.n) ?? (around?.[0] === step.service ? around[1] : step.service);
    homes.set(step.n, [step.service, part]);
    step.service = part;
  }
  return copies;
}

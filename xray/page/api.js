// The X-ray's HTTP interface, one function a path. Each throws an Error with words for the user.

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(`/xray/${path}`, { cache: 'no-store', ...options });
  } catch {
    throw new Error('The service does not answer. Is it still running?');
  }
  const document = await answer.json().catch(() => null);
  if (answer.status === 413 && !document)
    throw new Error('The service takes no body of that size. Export fewer requests.');
  if (!answer.ok) throw new Error(document?.error?.message ?? `The service answered ${answer.status}.`);
  return document;
}

const send = (path, body) =>
  ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

// Packed: a service takes bodies of some hundred kilobytes only, and a record packs to a tenth.
async function packed(record) {
  const stream = new Blob([JSON.stringify(record)]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}

const name = encodeURIComponent;

export const requests = () => ask('requests?limit=200');
export const request = (id) => ask(`requests/${name(id)}?story=1`);
export const house = () => ask('house');
export const explain = (id) => ask(`requests/${name(id)}/explain`);
export const curl = (id) => ask(`requests/${name(id)}/curl`);
export const diff = (left, right) => ask(`diff?left=${name(left)}&right=${name(right)}`);
export const replay = (changed) => send('replay', changed);
export const playground = (wish) => send('playground', wish);
export const keep = async (record) =>
  ask('import', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
    body: await packed(record),
  });
export const exportPath = (ids) => `/xray/export?ids=${ids.map(name).join(',')}`;
export const tracePath = (id, format) => `/xray/requests/${name(id)}/trace${format ? `?format=${format}` : ''}`;

const sources = new Map();

// The lines around a step. They do not change while one looks, so each place is asked for once.
export function source(file, line) {
  const path = `source?file=${name(file)}&line=${line}`;
  if (!sources.has(path)) {
    const lines = ask(path);
    lines.catch(() => sources.delete(path));
    sources.set(path, lines);
  }
  return sources.get(path);
}

// Building what is seen. Text from a record only ever becomes a text node or an attribute, never markup.
//
// Use: h('p', {class: 'note', onclick: go}, 'text', h('b', {}, 'more')); draw('circle', {r: 4}) for SVG.

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    if (name.startsWith('aria-')) node.setAttribute(name, value);
    else if (value === false) continue;
    else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'vars') for (const [key, each] of Object.entries(value)) node.style.setProperty(key, each);
    else if (['value', 'checked', 'disabled', 'hidden', 'open'].includes(name)) node[name] = value;
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const h = (tag, attributes = {}, ...children) => build(document.createElement(tag), attributes, children);

export const draw = (tag, attributes = {}, ...children) =>
  build(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

export const find = (selector) => document.querySelector(selector);

export function say(text) {
  find('#say').textContent = text;
}

let timer;
export function notice(text) {
  const place = find('#notice');
  place.textContent = text;
  place.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => (place.hidden = true), 8000);
}

// An action of the user's: what fails in it is said, not lost.
export const attempt = (action) => async (event) => {
  try {
    await action(event);
  } catch (error) {
    notice(error.message);
  }
};

export function duration(us) {
  if (us === null || us === undefined) return '';
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 1e6) return `${(us / 1000).toFixed(us < 1e4 ? 1 : 0)} ms`;
  return `${(us / 1e6).toFixed(us < 1e7 ? 2 : 1)} s`;
}

// A step's name where its kind stands beside it.
export const labelOf = (step) =>
  (step.label || step.name).replace(/^(filter|router|dispatch|action) /, '').replace(' layer: ', ': ');

export const clip = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

// Each service has a colour of its own, the same everywhere on the page.
const HUES = {
  'ground-floor': 0,
  'glance-api': 1,
  'glance-registry': 2,
  keystone: 3,
  'nova-api': 5,
  'nova-conductor': 4,
  'nova-scheduler': 3,
  'nova-compute': 0,
};
export function hue(service = '') {
  const sum = [...service].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return `hue-${HUES[service] ?? sum % 6}`;
}

export const statusClass = (request) => {
  if (request.status === null || request.status === undefined) return 'running';
  if (request.refused_by || request.status >= 400) return request.status >= 500 ? 'failed' : 'refused';
  return 'fine';
};

// Edit and send again: the recorded request as curl, and as a form.

import * as api from './api.js';
import { attempt, h, say } from './dom.js';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const KEPT_BACK = /^(host|content-length|connection|x-auth-token|transfer-encoding|user-agent|accept-encoding)$/i;

export class AgainView {
  constructor(request, services, open, page) {
    Object.assign(this, { request, open, page });
    this.curl = h('pre', { class: 'curl', tabindex: '0', id: 'curl' }, '…');
    this.result = h('div', { class: 'result', id: 'again-result' });
    this.element = h(
      'div',
      { class: 'again' },
      h('h3', {}, 'As curl'),
      this.curl,
      h(
        'p',
        { class: 'actions' },
        h('button', { type: 'button', class: 'quiet', id: 'copy', onclick: attempt(() => this.copy()) }, 'Copy'),
      ),
      h('h3', {}, 'Change it, and send it'),
      this.form(),
      this.result,
    );
  }

  async show() {
    const { curl } = await api.curl(this.request.id);
    this.curl.textContent = curl;
  }

  async copy() {
    await navigator.clipboard.writeText(this.curl.textContent);
    say('Copied.');
    this.element.querySelector('#copy').textContent = 'Copied';
  }

  form() {
    const { method, path, query, request } = this.request;
    const headers = Object.entries(request?.headers ?? {}).filter(([name]) => !KEPT_BACK.test(name));
    const field = (label, input, note) =>
      h('label', { class: 'field' }, h('span', {}, label), input, note ? h('small', {}, note) : null);
    const methods = METHODS.includes(method) ? METHODS : [method, ...METHODS];
    this.method = h(
      'select',
      { name: 'method' },
      ...methods.map((each) => h('option', { value: each, selected: each === method }, each)),
    );
    this.path = h('input', {
      name: 'path',
      value: path + (query ? `?${query}` : ''),
      spellcheck: 'false',
      required: true,
    });
    this.headers = h('textarea', {
      name: 'headers',
      rows: 3,
      spellcheck: 'false',
      value: headers.map((pair) => pair.join(': ')).join('\n'),
    });
    this.body = h('textarea', { name: 'body', rows: 5, spellcheck: 'false', value: request?.body ?? '' });
    this.token = h('input', { name: 'token', type: 'password', autocomplete: 'off', placeholder: 'the recorded one' });
    return h(
      'form',
      { class: 'send', onsubmit: attempt((event) => this.send(event)) },
      h('div', { class: 'line' }, field('Method', this.method), field('Path', this.path)),
      field('Headers', this.headers, 'One a line, Name: value'),
      field('Body', this.body),
      field('X-Auth-Token', this.token, 'It was masked before the record was kept. Write one here to send another.'),
      h('p', { class: 'actions' }, h('button', {}, 'Send again')),
    );
  }

  // What the user did not touch is not sent: the recorder has it whole, where the page has it short and masked.
  async send(event) {
    event.preventDefault();
    const wish = { id: this.request.id, method: this.method.value, path: this.path.value };
    if (this.changedHeaders()) wish.headers = this.readHeaders();
    if (this.body.value !== (this.request.request?.body ?? '')) wish.body = this.body.value;
    if (this.token.value) wish.token = this.token.value;
    const { id, status } = await api.replay(wish);
    await this.page.renew();
    say(`Answered ${status}.`);
    this.result.replaceChildren(
      h('p', {}, 'Answered ', h('b', { class: status >= 400 ? 'bad' : 'good' }, status), '. '),
      h(
        'p',
        { class: 'actions' },
        h('button', { type: 'button', id: 'see-walk', onclick: () => this.open('walk', id) }, 'See its walk'),
        h(
          'button',
          { type: 'button', class: 'quiet', id: 'see-both', onclick: () => this.open('compare', this.request.id, id) },
          'Compare the two',
        ),
      ),
    );
  }

  changedHeaders() {
    const recorded = Object.entries(this.request.request?.headers ?? {}).filter(([name]) => !KEPT_BACK.test(name));
    return (
      this.headers.value.trim() !==
      recorded
        .map((pair) => pair.join(': '))
        .join('\n')
        .trim()
    );
  }

  readHeaders() {
    const lines = this.headers.value
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
    return Object.fromEntries(
      lines.map((line) => {
        const at = line.indexOf(':');
        if (at < 1) throw new Error(`"${line}" is no header: write Name: value.`);
        return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
      }),
    );
  }
}

// In plain words: which layer refused, which rule decided, what was sent, what would have passed.

import * as api from './api.js';
import { h } from './dom.js';
import { code } from './source.js';

const IN_THE_TABLE = /^(It says|Decided by|Sent|What would have passed)\b/;

export class ExplainView {
  constructor(request, services, open) {
    this.request = request;
    this.open = open;
    this.element = h('div', { class: 'explain' }, h('p', { class: 'empty' }, 'Looking …'));
  }

  async show() {
    const { request } = this;
    if (!request.refused_by && !(request.status >= 400)) {
      this.element.replaceChildren(
        h('h3', {}, 'Nothing refused this request'),
        h('p', {}, `It was answered ${request.status ?? 'not yet'}. Walk through it to see what each step did.`),
      );
      return;
    }
    const found = await api.explain(request.id);
    this.element.replaceChildren(...this.words(found));
    await this.source(found.where);
  }

  words(found) {
    const paragraphs = (found.words ?? [])
      .filter((words) => !IN_THE_TABLE.test(words))
      .map((words) => h('p', {}, words));
    const facts = [
      ['Answered', found.status],
      ['Refused by', found.layer],
      ['The rule', found.rule],
      ['Decided by', found.decided_by],
      ['What was sent', found.sent],
      ['What would have passed', found.would_pass],
    ].filter(([, value]) => value !== null && value !== undefined && value !== '');
    return [
      h('h3', {}, `Why ${found.status}?`),
      h('div', { class: 'words' }, ...paragraphs),
      h(
        'dl',
        { class: 'facts' },
        ...facts.map(([name, value]) =>
          h(
            'div',
            { class: name === 'What would have passed' ? 'pass' : null },
            h('dt', {}, name),
            h('dd', {}, typeof value === 'string' ? value : JSON.stringify(value)),
          ),
        ),
      ),
      h(
        'p',
        { class: 'actions' },
        h('button', { type: 'button', onclick: () => this.open('again') }, 'Change it and send it again'),
        h('button', { type: 'button', class: 'quiet', onclick: () => this.open('walk') }, 'Back to the walk'),
      ),
      h('div', { class: 'source-lines', id: 'explain-source' }),
    ];
  }

  async source(where) {
    if (!where?.file) return;
    const place = this.element.querySelector('#explain-source');
    place.append(
      h('h4', {}, `Decided here: ${where.file}:${where.line}`),
      code(await api.source(where.file, where.line)),
    );
  }
}

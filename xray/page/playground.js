// What if auth came last? The ini's pipeline as blocks, tried in a scratch copy of the service.

import * as api from './api.js';
import { attempt, h, say } from './dom.js';
import { Blocks } from './blocks.js';
import { sideBySide } from './compare.js';

export class PlaygroundView {
  constructor(request, services, open) {
    Object.assign(this, { request, services, open });
    this.service = services.find((each) => each.name === request.service) ?? services[0];
    this.result = h('div', { class: 'result', id: 'playground-result' });
    this.element = h('div', { class: 'playground' });
  }

  show() {
    if (!this.service?.pipeline?.length) {
      this.element.replaceChildren(h('p', { class: 'empty' }, 'The ini of this service is not known here.'));
      return;
    }
    const { pipeline, filters = [], layers = [] } = this.service;
    const fixed = ['xray', pipeline[pipeline.length - 1]];
    this.pipeline = new Blocks('Pipeline', pipeline, {
      fixed,
      offered: filters.map((each) => each.name),
      note: `${this.service.ini}: the first gets the request first.`,
    });
    this.layers = layers.length
      ? new Blocks('Layers of the onion', layers, { fixed: ['db'], note: 'The first is the outermost.' })
      : null;
    this.own = {};
    this.element.replaceChildren(
      h(
        'p',
        { class: 'lead' },
        'Put the blocks into another order, take one out, add one. Then this request is sent again, to a scratch copy of ',
        h('b', {}, this.service.name),
        ': the running one is not touched.',
      ),
      h('div', { class: 'block-parts' }, this.pipeline.element, this.layers?.element ?? null),
      this.ownFilter(),
      this.otherToken(),
      h(
        'p',
        { class: 'actions' },
        h('button', { type: 'button', id: 'try', onclick: attempt(() => this.try()) }, 'Try it'),
        h(
          'button',
          {
            type: 'button',
            class: 'quiet',
            onclick: () => {
              this.result.replaceChildren();
              this.show();
            },
          },
          'As in the ini',
        ),
      ),
      this.result,
    );
  }

  ownFilter() {
    const name = h('input', { name: 'filter-name', placeholder: 'name', 'aria-label': "Your filter's name", size: 12 });
    const factory = h('input', {
      name: 'filter-factory',
      placeholder: 'module:filter_factory',
      'aria-label': "Your filter's factory",
      size: 26,
    });
    const add = (event) => {
      event.preventDefault();
      if (!/^[\w-]+$/.test(name.value)) throw new Error('A filter needs a name of letters, digits, _ and -.');
      if (!/^[\w.]+:[\w.]+$/.test(factory.value))
        throw new Error('A factory is written module:function, such as hello:filter_factory.');
      this.own[name.value] = factory.value;
      this.pipeline.add(name.value);
    };
    return h(
      'details',
      { class: 'own' },
      h('summary', {}, 'Add a filter of your own'),
      h('form', { onsubmit: attempt(add) }, name, factory, h('button', { class: 'quiet' }, 'Add')),
    );
  }

  otherToken() {
    this.token = h('input', {
      name: 'token',
      type: 'password',
      autocomplete: 'off',
      placeholder: 'the recorded one',
      'aria-label': 'X-Auth-Token',
    });
    return h(
      'details',
      { class: 'own' },
      h('summary', {}, 'Send another token'),
      h(
        'form',
        {
          onsubmit: attempt((event) => {
            event.preventDefault();
            return this.try();
          }),
        },
        this.token,
      ),
    );
  }

  async try() {
    const button = this.element.querySelector('#try');
    button.disabled = true;
    this.result.replaceChildren(h('p', { class: 'empty', role: 'status' }, 'Building the scratch copy …'));
    const wish = {
      service: this.service.name,
      pipeline: this.pipeline.names,
      layers: this.layers?.changed ? this.layers.names : null,
      replay: this.request.id,
    };
    if (this.token.value) wish.token = this.token.value;
    if (Object.keys(this.own).length) wish.filters = this.own;
    try {
      await this.tell(await api.playground(wish));
    } catch (error) {
      this.result.replaceChildren(h('p', { class: 'exception' }, error.message));
    } finally {
      button.disabled = false;
    }
  }

  async tell({ id, status, error }) {
    const fine = status && status < 400;
    const words = [
      error ? h('p', { class: 'exception' }, error) : null,
      status
        ? h(
            'p',
            { class: 'outcome' },
            'As it was: ',
            h('b', { class: this.request.status < 400 ? 'good' : 'bad' }, this.request.status),
            '. In the scratch copy: ',
            h('b', { class: fine ? 'good' : 'bad' }, status),
            '. ',
            id
              ? h('button', { type: 'button', class: 'quiet', onclick: () => this.open('walk', id) }, 'See its walk')
              : null,
          )
        : null,
    ];
    say(status ? `In the scratch copy it is answered ${status}.` : (error ?? ''));
    this.result.replaceChildren(...words.filter(Boolean));
    if (id) this.result.append(await sideBySide(this.request, id));
    this.result.scrollIntoView({ block: 'start' });
  }
}

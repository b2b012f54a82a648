// Keep and share: one JSON file that opens in any copy of the product, and traces for other tools.

import * as api from './api.js';
import { h } from './dom.js';

export class ShareView {
  constructor(request, services, open, page) {
    const story = page.storyOf(request.id);
    const link = (href, download, text, note) =>
      h('li', {}, h('a', { class: 'button', href, download }, text), h('span', {}, note));
    const short = request.id.slice(0, 12);
    this.element = h(
      'div',
      { class: 'share' },
      h('h3', {}, 'As an example for others'),
      h(
        'ul',
        {},
        link(
          api.exportPath(story.length ? story : [request.id]),
          `xray-${short}.json`,
          'This request',
          'with what it caused in other services. Import opens it, in any copy of this product.',
        ),
        link('/xray/export', 'xray.json', 'All requests', 'that are kept, 200 at most.'),
      ),
      h('h3', {}, 'For other tools'),
      h(
        'ul',
        {},
        link(
          api.tracePath(request.id),
          `trace-${short}.json`,
          'Chrome trace',
          'opens in Perfetto (ui.perfetto.dev) and chrome://tracing.',
        ),
        link(api.tracePath(request.id, 'otlp'), `otlp-${short}.json`, 'OTLP JSON', 'opens in Jaeger.'),
      ),
      h('p', { class: 'note' }, 'Tokens, passwords and the bytes of images were masked before anything was kept.'),
    );
  }

  show() {}
}

// What stands above a view: the request that it is about, and the tabs of the other views.

import { clip, duration, find, h, statusClass } from './dom.js';

export function showHeadline(request) {
  const refused = request.refused_by ? `refused by ${request.refused_by}` : '';
  find('#headline').replaceChildren(
    h(
      'h2',
      {},
      h('b', { class: 'method' }, request.method),
      ' ',
      h('span', { class: 'path' }, clip(request.path + (request.query ? `?${request.query}` : ''), 160)),
    ),
    h(
      'p',
      { class: statusClass(request) },
      h('span', { class: 'status' }, request.status ?? 'running'),
      refused ? h('span', { class: 'by' }, refused) : null,
      h(
        'span',
        {},
        [
          request.user && `${request.user}${request.tenant ? ` of ${request.tenant}` : ''}`,
          duration(request.duration_us),
          `${request.steps_total ?? request.steps?.length ?? 0} calls`,
        ]
          .filter(Boolean)
          .join(' · '),
      ),
      h('span', { class: 'mono id' }, request.id),
    ),
  );
  document.title = `${request.method} ${request.path} · X-ray`;
}

// views: [name, title, ...] of each; chosen: the name of one; open: called with the name of another.
export function showTabs(views, chosen, open) {
  const tabs = find('#tabs');
  if (!tabs.children.length) {
    tabs.append(
      ...views.map(([name, title]) =>
        h(
          'button',
          {
            type: 'button',
            role: 'tab',
            id: `tab-${name}`,
            'aria-controls': 'panel',
            onclick: () => open(name),
          },
          title,
        ),
      ),
    );
    tabs.addEventListener('keydown', moveTab);
  }
  for (const tab of tabs.children) {
    const isChosen = tab.id === `tab-${chosen}`;
    tab.setAttribute('aria-selected', isChosen);
    tab.tabIndex = isChosen ? 0 : -1;
  }
  find('#panel').setAttribute('aria-labelledby', `tab-${chosen}`);
}

function moveTab(event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  event.stopPropagation();
  const tabs = [...find('#tabs').children];
  const next = tabs[(tabs.indexOf(document.activeElement) + by + tabs.length) % tabs.length];
  next.focus();
  next.click();
}

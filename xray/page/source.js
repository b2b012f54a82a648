// Lines of Python, coloured a little, with one of them lit.

import { h } from './dom.js';

const WORD = new RegExp(
  [
    /(?<comment>#.*)/,
    /(?<string>[rbf]*(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"))/,
    /(?<decorator>^\s*@[\w.]+)/,
    /\b(?<keyword>def|class|return|if|elif|else|for|while|in|not|and|or|is|None|True|False|raise|try|except|finally|with|as|import|from|yield|lambda|pass|assert|self)\b/,
  ]
    .map((each) => each.source)
    .join('|'),
  'g',
);

function* coloured(line) {
  let end = 0;
  for (const match of line.matchAll(WORD)) {
    const [kind] = Object.entries(match.groups).find(([, value]) => value !== undefined);
    if (match.index > end) yield line.slice(end, match.index);
    yield h('span', { class: kind }, match[0]);
    end = match.index + match[0].length;
  }
  if (end < line.length) yield line.slice(end);
}

// Whether the lines begin inside a docstring: then the first triple quote ends it.
function beginsInside(lines) {
  const first = lines.find((text) => text.includes('"""'))?.trim() ?? '';
  return (
    first === '"""' || (first.endsWith('"""') && first.indexOf('"""') === first.length - 3 && !/^\w* *[=(]/.test(first))
  );
}

// A triple quote opens or closes a docstring, inside which nothing is coloured as code.
export function code({ file, first, line, lines }) {
  const indent = Math.min(...lines.filter((text) => text.trim()).map((text) => text.search(/\S/)), 40);
  let inDocstring = beginsInside(lines);
  const rows = lines.map((whole, index) => {
    const text = whole.slice(indent);
    const quotes = (text.match(/"""/g) ?? []).length;
    const isDoc = inDocstring || quotes > 0;
    if (quotes % 2) inDocstring = !inDocstring;
    const number = first + index;
    return h(
      'div',
      { class: number === line ? 'line lit' : 'line', 'data-line': number },
      h('span', { class: 'number', 'aria-hidden': 'true' }, number),
      h('code', { class: isDoc ? 'string' : null }, ...(isDoc ? [text] : coloured(text)), '\n'),
    );
  });
  return h('div', { class: 'code', tabindex: '0', role: 'group', 'aria-label': `${file}, line ${line}` }, ...rows);
}

import { byId, el } from './dom.js';
import { duration } from './format.js';
import * as server from './server.js';

/** Everything about the selected span, on the right. */
export class Details {
  async show(trace, node, isOrphan, close) {
    const panel = byId('details');
    this.shown = node;
    panel.hidden = !node;
    if (!node) return;
    const span = node.isGhost ? null : await server.span(trace, node.number);
    if (this.shown !== node) return;
    const button = el('button', 'close', '×');
    button.type = 'button';
    button.title = 'Close (Esc)';
    button.addEventListener('click', close);
    const head = el('div', 'head');
    head.append(el('h2', '', span ? span.name || '(no name)' : 'A span that is not here'), button);
    panel.replaceChildren(head, ...(span ? this.span(trace, node, span, isOrphan) : this.ghost(node)));
    panel.scrollTop = 0;
  }

  ghost(node) {
    return [
      el('p', '', `Span ${node.id} is named as ${node.isServiceSpan ? 'service span' : 'parent'} by others, but has not arrived.`),
      el('p', 'dim', 'While the trace runs it has not ended. Later it may have been dropped, rejected, or sent elsewhere.'),
    ];
  }

  span(trace, node, span, isOrphan) {
    const status = el('p', 'states');
    status.append(el('span', `badge ${node.isError ? 'bad' : 'good'}`, span.status || '(empty status)'));
    if (node.isServiceSpan) status.append(el('span', 'badge', 'service span'));
    const parts = [status];
    if (node.isLate) parts.push(el('p', 'note', 'Late: the trace was quiet for so long before that Sentry stores this span apart from it.'));
    if (isOrphan) parts.push(el('p', 'note', 'Orphan: its parent has not arrived.'));
    parts.push(facts([
      ['Duration', duration(span.micros)], ['Start', span.start], ['End', span.end], ['Received', span.received],
      ['Span', span.id], ['Parent', span.parent && link(trace, span.parent, span.parent)],
      ['Service span', span.segment !== span.id && span.segment && link(trace, span.segment, span.segment)], ['Trace', trace],
    ]));
    if (span.links.length) parts.push(...this.links(span));
    parts.push(el('h3', '', `Attributes (${span.attributes.length + span.moreAttributes})`), attributes(span.attributes));
    if (span.moreAttributes) parts.push(el('p', 'dim', `${span.moreAttributes} more are in the export.`));
    return parts;
  }

  links(span) {
    const list = el('ul', 'links');
    for (const to of span.links) {
      const item = el('li');
      item.append(link(to.trace, to.span, `span ${to.span}`), el('div', 'dim', `trace ${to.trace}`));
      if (to.sampled === false) item.append(el('div', 'dim', 'not sampled'));
      if (to.attributes.length) item.append(attributes(to.attributes));
      list.append(item);
    }
    const parts = [el('h3', '', `Links (${span.links.length + span.moreLinks})`), list];
    if (span.moreLinks) parts.push(el('p', 'dim', `${span.moreLinks} more are in the export.`));
    return parts;
  }
}

/** Leads to a span of any trace. Ids were checked by the inbox. */
export function link(trace, span, text) {
  const anchor = el('a', 'id', text);
  anchor.href = span ? `#/trace/${trace}/${span}` : `#/trace/${trace}`;
  return anchor;
}

function facts(pairs) {
  const list = el('dl', 'table');
  for (const [name, value] of pairs) {
    if (!value) continue;
    const text = el('dd');
    text.append(value);
    list.append(el('dt', '', name), text);
  }
  return list;
}

function attributes(attributes) {
  const list = el('dl', 'table attributes');
  for (const [key, type, value, cut] of attributes) {
    const name = el('dt', '', key);
    name.title = `${key} (${type})`;
    const text = el('dd', `is-${type}`, value === '' ? '(empty)' : value);
    if (cut) text.append(el('span', 'dim', ` … ${cut} more characters`));
    list.append(name, text);
  }
  return list;
}

import { byId, el, oneAtATime } from './dom.js';
import { count } from './format.js';
import { link } from './details.js';
import * as server from './server.js';

/** What the reasons in client reports mean; an SDK may name others. */
const REASONS = {
  backpressure: 'the SDK lowered its rate because it could not keep up',
  before_send: 'a callback of the application dropped it',
  before_send_span: 'a callback of the application dropped it',
  buffer_overflow: 'a buffer of the SDK was full',
  cache_overflow: 'the offline cache was full',
  event_processor: 'a callback of the application dropped it',
  ignored: 'a rule of the application ignores it',
  internal_sdk_error: 'the SDK failed',
  network_error: 'the network failed, or the answer was an error',
  no_parent_span: 'it would have had no parent',
  queue_overflow: 'the queue of the SDK was full',
  ratelimit_backoff: 'the receiver had asked to wait',
  sample_rate: 'it was not sampled',
  send_error: 'the receiver refused it',
};

/** What was lost on the way and why: before sending, as clients report, and here. */
export class Findings {
  constructor() {
    this.refresh = oneAtATime(() => this.load());
  }

  async load() {
    if (byId('findings').hidden) return;
    const { discarded, rejections, warnings } = await server.findings();
    byId('findings').replaceChildren(
      el('h1', '', 'Losses and warnings'),
      ...part('Rejected', 'Sentry would lose this, mostly after it has answered 200.', rejections, rejected),
      ...part('Dropped by clients', 'What SDKs say in client reports that they did not send.', Object.entries(discarded), dropped),
      ...part('Warnings', 'Sentry would take or repair this, but an SDK should not send it.', alike(warnings), warned),
    );
  }
}

function part(title, meaning, entries, table) {
  const head = [el('h2', '', title), el('p', 'dim', meaning)];
  return [...head, entries.length ? table(entries) : el('p', 'none', 'Nothing.')];
}

function rejected(rejections) {
  return table(['reason', 'lost', 'field', 'cause', 'where'], rejections.map(([reason, quantity, category, detail, field, trace, span]) => [
    el('code', 'bad-text', reason), count(quantity, category), field ? el('code', '', field) : '', el('bdi', '', detail),
    trace ? link(trace, span, span ? `span ${span}` : 'trace') : '',
  ]));
}

function dropped(reasons) {
  return table(['reason', 'spans', 'meaning'], reasons.map(([reason, spans]) => [
    el('code', '', reason), spans.toLocaleString('en'), el('bdi', '', Object.hasOwn(REASONS, reason) ? REASONS[reason] : 'a reason of its own'),
  ]));
}

function warned(warnings) {
  return table(['times', 'warning'], warnings.map(([warning, times]) => [String(times), el('bdi', '', warning)]));
}

/** Warnings that differ only in the span, with how often they stand there. */
function alike(warnings) {
  const groups = new Map();
  for (const warning of warnings) {
    const text = warning.replace(/^span [0-9a-f]{16}/, 'span');
    const group = groups.get(text) ?? [warning, 0];
    group[1]++;
    groups.set(text, group);
  }
  return [...groups.values()];
}

function table(columns, rows) {
  const table = el('table');
  const head = table.createTHead().insertRow();
  for (const column of columns) head.append(el('th', '', column));
  const body = table.createTBody();
  for (const cells of rows) {
    const row = body.insertRow();
    for (const cell of cells) row.insertCell().append(cell);
  }
  const frame = el('div', 'frame');
  frame.append(table);
  return frame;
}

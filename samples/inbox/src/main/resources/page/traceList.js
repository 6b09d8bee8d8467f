import { byId, el, oneAtATime } from './dom.js';
import { colours, count, duration, timeOfDay } from './format.js';
import { Rows, moved } from './rows.js';
import { PATIENCE } from './tree.js';
import * as server from './server.js';

/** The list of traces on the left, newest first. */
export class TraceList {
  constructor(open) {
    this.open = open;
    this.traces = new Map();
    this.arrivals = 0;
    this.selected = null;
    this.rows = new Rows(byId('list'), 58, () => this.make(), (row, trace) => this.fill(row, trace));
    this.refresh = oneAtATime(() => this.load());
    byId('query').addEventListener('input', () => this.restart());
    byId('service').addEventListener('change', () => this.draw());
    byId('failed').addEventListener('change', () => this.draw());
    // What is running becomes incomplete by the passing of time alone.
    setInterval(() => this.rows.later(), 5000);
  }

  /** Forgets what it knows and asks again. */
  restart() {
    this.fresh = true;
    return this.refresh();
  }

  async load() {
    const query = byId('query').value.trim();
    const fresh = this.fresh;
    this.fresh = false;
    // Of a search the whole answer is asked for: a trace that has grown may match by now.
    const changes = await server.traces(fresh || query ? 0 : this.arrivals, query);
    if (fresh || query) this.traces.clear();
    for (const trace of changes.traces) this.traces.set(trace.id, { ...trace, arrived: Date.now() - trace.age });
    for (const trace of this.traces.values()) if (trace.touched < changes.floor) this.traces.delete(trace.id);
    // A search may have been typed meanwhile; then this.fresh is set, and the answer is thrown away.
    this.arrivals = query ? 0 : changes.arrivals;
    this.draw();
  }

  draw() {
    this.offerServices();
    const service = byId('service').value;
    const failed = byId('failed').checked;
    const shown = [...this.traces.values()]
      .filter((trace) => (!failed || trace.errors > 0) && (!service || trace.services.includes(service)))
      .sort((a, b) => b.start - a.start);
    this.rows.show(shown);
    const all = this.traces.size;
    byId('greeting').textContent = all ? 'Choose a trace' : 'Waiting for spans';
    document.body.classList.toggle('has-traces', all > 0);
    byId('shown').textContent = shown.length === all ? count(all, 'trace') : `${shown.length} of ${count(all, 'trace')}`;
  }

  offerServices() {
    const select = byId('service');
    const services = new Set([...this.traces.values()].flatMap((trace) => trace.services));
    if (select.value) services.add(select.value);
    const names = [...services].sort().slice(0, 100);
    const known = [...select.options].slice(1).map((option) => option.value);
    if (names.join('\n') === known.join('\n')) return;
    const chosen = select.value;
    select.replaceChildren(select.options[0], ...names.map((name) => {
      const option = el('option', '', name);
      option.value = name;
      return option;
    }));
    select.value = chosen;
  }

  make() {
    const row = el('a', 'trace-row');
    row.setAttribute('role', 'option');
    row.tabIndex = -1;
    const top = el('div', 'line');
    row.cells = { name: el('span', 'name'), took: el('span', 'took'), below: el('div', 'line dim') };
    top.append(row.cells.name, row.cells.took);
    row.append(top, row.cells.below);
    return row;
  }

  fill(row, trace) {
    row.href = `#/trace/${trace.id}`;
    row.dataset.trace = trace.id;
    row.setAttribute('aria-selected', trace.id === this.selected);
    row.classList.toggle('failed', trace.errors > 0);
    row.cells.name.textContent = trace.name || '(no name)';
    row.cells.took.textContent = duration(trace.end - trace.start);
    row.cells.below.replaceChildren(...this.facts(trace));
  }

  facts(trace) {
    const byService = colours(trace.services);
    const names = el('span', 'names');
    for (const service of trace.services) names.append(el('i', `dot s${byService.get(service)}`), el('bdi', '', service), ' ');
    const facts = [names];
    if (trace.awaited > 0) facts.push(isRunning(trace) ? el('span', 'badge run', 'running') : el('span', 'badge warn', 'incomplete'));
    if (trace.late > 0) facts.push(el('span', 'badge warn', `${trace.late} late`));
    if (trace.errors > 0) facts.push(el('span', 'badge bad', count(trace.errors, 'error')));
    facts.push(el('span', 'gap'), el('span', '', count(trace.spans, 'span')), el('span', '', timeOfDay(trace.start)));
    return facts;
  }

  select(id) {
    this.selected = id;
    this.rows.later();
  }

  /** Moves the selection; answers whether the key was one for that. */
  key(key) {
    const shown = this.rows.items;
    const now = shown.findIndex((trace) => trace.id === this.selected);
    const next = moved(key, now, shown.length, this.rows.perPage);
    if (next === undefined) return false;
    this.select(shown[next].id);
    this.rows.reveal(next);
    return true;
  }

  /** Opens the trace that is so many rows further down. */
  step(by) {
    this.key(by > 0 ? 'j' : 'k');
    if (this.selected) this.open(this.selected);
  }
}

export function isRunning(trace) {
  return trace.awaited > 0 && Date.now() - trace.arrived < PATIENCE;
}

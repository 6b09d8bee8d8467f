import { byId, el, oneAtATime, say } from './dom.js';
import { colours, count, duration, ticks, timeOfDay } from './format.js';
import { Rows, moved } from './rows.js';
import { fillRow, makeRow } from './spanRow.js';
import { PATIENCE, Tree } from './tree.js';
import * as server from './server.js';

/** The spans of the open trace, one a row, each with a bar where it lies in time. */
export class Waterfall {
  constructor(onSelect) {
    this.onSelect = onSelect;
    this.rows = new Rows(byId('waterfall'), 26, makeRow, (row, node) => fillRow(row, node, this));
    this.refresh = oneAtATime(() => this.load());
    this.find = '';
    byId('find').addEventListener('input', (event) => this.search(event.target.value));
    byId('waterfall').addEventListener('click', (event) => this.click(event));
    // What is running becomes incomplete by the passing of time alone.
    setInterval(() => this.isRunning && this.draw(), 5000);
  }

  open(trace, spanId) {
    if (this.trace !== trace) {
      this.trace = trace;
      this.tree = new Tree();
      this.isRunning = false;
      this.rows.viewport.scrollTop = 0;
      this.rows.show([]);
      byId('name').textContent = '';
      byId('facts').textContent = trace ? 'loading' : '';
      byId('find').value = '';
      this.find = '';
    }
    this.wanted = spanId ?? null;
    this.selected = null;
    return this.refresh();
  }

  async load() {
    const { trace, tree } = this;
    if (!trace) return;
    const answer = await server.rows(trace, tree.newest);
    if (trace !== this.trace) return;
    if (answer === null) {
      tree.take({ floor: Infinity, spans: [] });
      byId('name').textContent = 'This trace is not here';
      byId('facts').textContent = `${trace}: it may arrive yet, or the inbox has no room for it any more.`;
      byId('legend').replaceChildren();
      byId('ticks').replaceChildren();
      byId('state').hidden = true;
      byId('export').hidden = true;
      this.rows.show([]);
      this.onSelect(null);
      return;
    }
    this.arrived = Date.now() - answer.age;
    this.name = answer.name;
    if (tree.take(answer)) {
      tree.build();
      this.colours = colours(tree.services);
    }
    const wanted = this.wanted && (tree.byId.get(this.wanted) ?? tree.ghosts.get(this.wanted));
    const was = this.selected;
    const wasOrphan = was && this.isOrphan(was);
    this.selected = was && tree.again(was);
    this.draw();
    if (this.wanted && !wanted) this.miss(this.wanted);
    if (wanted) this.select(wanted);
    else if (was && !this.selected) this.select(null);
    else if (was && (this.selected.number !== was.number || this.isOrphan(this.selected) !== wasOrphan)) this.onSelect(this.selected);
  }

  /** A link may lead to a span that has not arrived; if it does, it is selected. */
  miss(spanId) {
    if (this.missed !== spanId) say(`Span ${spanId} is not here.`);
    this.missed = spanId;
  }

  draw() {
    const { tree } = this;
    if (!tree.nodes?.length) return;
    const isFresh = Date.now() - this.arrived < PATIENCE;
    const errors = tree.nodes.filter((node) => node.isError).length;
    const missing = tree.nodes.some((node) => node.segmentMissing);
    this.isRunning = missing && isFresh;
    byId('name').textContent = this.name || '(no name)';
    byId('state').hidden = !missing;
    byId('state').textContent = this.isRunning ? 'running' : 'incomplete';
    byId('state').className = `badge ${this.isRunning ? 'run' : 'warn'}`;
    const late = tree.nodes.filter((node) => node.isLate).length;
    const orphans = tree.nodes.filter((node) => this.isOrphan(node)).length;
    byId('facts').textContent = [
      this.trace, count(tree.nodes.length, 'span'), duration(tree.end - tree.start), timeOfDay(tree.start),
      errors && count(errors, 'error'), late && `${late} late`, orphans && count(orphans, 'orphan'),
    ].filter(Boolean).join(' · ');
    byId('export').hidden = false;
    byId('export').href = server.exportPath(this.trace);
    this.drawLegend();
    this.drawTicks();
    this.rows.show(tree.visible());
    this.drawFound();
  }

  /** A parent that is missing is still running as long as its service span is. */
  isOrphan(node) {
    return node.parentMissing && !(node.segmentMissing && this.isRunning);
  }

  drawLegend() {
    byId('legend').replaceChildren(...[...this.colours].slice(0, 20).map(([service, colour]) => {
      const item = el('span');
      item.append(el('i', `dot s${colour}`), el('bdi', '', service));
      return item;
    }));
  }

  drawTicks() {
    const total = this.tree.end - this.tree.start;
    byId('ticks').replaceChildren(...ticks(total, Math.max(2, byId('ticks').clientWidth / 110)).map((at) => {
      const tick = el('span', '', duration(at));
      tick.style.left = `${total > 0 ? (at / total) * 100 : 0}%`;
      return tick;
    }));
  }

  click(event) {
    const row = event.target.closest('.span-row');
    if (!row) return;
    const node = this.rows.items[row.index];
    if (event.target === row.cells.fold && node.children.length) this.fold(node, !this.tree.folded.has(node.id));
    else this.select(node);
  }

  fold(node, folded) {
    if (folded) this.tree.folded.add(node.id);
    else this.tree.folded.delete(node.id);
    this.draw();
  }

  select(node) {
    this.selected = node;
    this.wanted = null;
    if (node) {
      this.tree.uncover(node);
      this.rows.show(this.tree.visible());
      this.rows.reveal(this.rows.items.indexOf(node));
    }
    this.rows.later();
    this.onSelect(node);
  }

  matches(node) {
    return [node.name, node.op, node.service, node.id].some((text) => text?.toLowerCase().includes(this.find));
  }

  search(text) {
    this.find = text.trim().toLowerCase();
    this.rows.later();
    this.drawFound();
  }

  drawFound() {
    if (!this.find) return void (byId('found').textContent = '');
    byId('found').textContent = count(this.tree.nodes.filter((node) => this.matches(node)).length, 'match', 'matches');
  }

  /** Selects the next span, in the order of reading and round at the end, for which this holds. */
  next(holds) {
    const folded = this.tree.folded;
    this.tree.folded = new Set();
    const all = this.tree.visible();
    this.tree.folded = folded;
    const now = all.indexOf(this.selected);
    const found = [...all.slice(now + 1), ...all.slice(0, now + 1)].find((node) => !node.isGhost && holds(node));
    if (found) this.select(found);
  }

  key(key) {
    const rows = this.rows.items;
    const now = rows.indexOf(this.selected);
    const next = moved(key, now, rows.length, this.rows.perPage);
    if (next !== undefined) this.select(rows[next]);
    else if (key === 'e') this.next((node) => node.isError);
    else if (key === 'Enter' && this.find) this.next((node) => this.matches(node));
    else if (!this.selected) return false;
    else if (key === 'ArrowLeft') this.left(this.selected);
    else if (key === 'ArrowRight') this.right(this.selected);
    else return false;
    return true;
  }

  left(node) {
    if (node.children.length && !this.tree.folded.has(node.id)) this.fold(node, true);
    else if (node.parent) this.select(node.parent);
  }

  right(node) {
    if (this.tree.folded.has(node.id)) this.fold(node, false);
    else if (node.children.length) this.select(node.children[0]);
  }
}

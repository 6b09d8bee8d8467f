import { el } from './dom.js';
import { duration } from './format.js';

/** An empty row of the waterfall. */
export function makeRow() {
  const row = el('div', 'span-row');
  row.setAttribute('role', 'row');
  const label = el('div', 'label');
  const lane = el('div', 'lane');
  for (const cell of [label, lane]) cell.setAttribute('role', 'gridcell');
  row.cells = {
    label, fold: el('span', 'fold'), mark: el('span', 'mark'), name: el('bdi', 'name'), op: el('bdi', 'op'),
    notes: el('span', 'notes'), bar: el('div', 'bar'), took: el('span', 'took'),
  };
  const { fold, mark, name, op, notes, bar, took } = row.cells;
  label.append(fold, mark, name, op, notes);
  lane.append(bar, took);
  row.append(label, lane);
  return row;
}

/** Writes a span into a row; the waterfall knows what is selected, searched, and still running. */
export function fillRow(row, node, waterfall) {
  const folded = waterfall.tree.folded.has(node.id);
  row.dataset.span = node.id;
  row.className = 'span-row';
  row.classList.toggle('error', Boolean(node.isError));
  row.classList.toggle('ghost', Boolean(node.isGhost));
  row.classList.toggle('service', node.isServiceSpan);
  row.classList.toggle('selected', node === waterfall.selected);
  row.classList.toggle('faded', waterfall.find !== '' && !waterfall.matches(node));
  row.setAttribute('aria-level', node.depth + 1);
  row.setAttribute('aria-selected', node === waterfall.selected);
  if (node.children.length) row.setAttribute('aria-expanded', !folded);
  else row.removeAttribute('aria-expanded');
  row.cells.label.style.paddingLeft = `${8 + Math.min(node.depth, 24) * 14}px`;
  row.cells.fold.textContent = node.children.length ? (folded ? '▸' : '▾') : '';
  row.cells.mark.textContent = node.isError ? '✗' : '';
  row.cells.name.textContent = node.isGhost ? ghostName(node, waterfall) : node.name || '(no name)';
  row.cells.name.title = row.cells.name.textContent;
  row.cells.op.textContent = node.op ?? '';
  row.cells.notes.replaceChildren(...notes(node, folded, waterfall));
  drawBar(row, node, waterfall);
}

function ghostName(node, waterfall) {
  const what = node.isServiceSpan ? 'service span' : 'parent';
  const waits = waterfall.isRunning && (node.isServiceSpan || !waterfall.tree.byId.has(node.segmentId));
  return waits ? `${what} still running` : `${what} ${node.id} is missing`;
}

function notes(node, folded, waterfall) {
  const notes = [];
  if (waterfall.isOrphan(node)) notes.push(el('span', 'badge warn', 'orphan'));
  if (node.isLate) notes.push(el('span', 'badge warn', 'late'));
  if (node.isRing) notes.push(el('span', 'badge warn', 'ring of parents'));
  if (folded) notes.push(el('span', 'badge', `${node.children.length} inside`));
  return notes;
}

function drawBar(row, node, waterfall) {
  const total = Math.max(1, waterfall.tree.end - waterfall.tree.start);
  const from = ((node.start - waterfall.tree.start) / total) * 100;
  const width = ((node.end - node.start) / total) * 100;
  row.cells.bar.className = `bar s${waterfall.colours.get(node.service)}`;
  row.cells.bar.style.left = `${from}%`;
  row.cells.bar.style.width = `${width}%`;
  row.cells.took.textContent = node.isGhost ? '' : duration(node.end - node.start);
  // The time stands behind the bar where there is room, else before it, else in it.
  const place = from + width < 84 ? 'behind' : from > 16 ? 'before' : 'inside';
  row.cells.took.style.left = place === 'behind' ? `${from + width}%` : '';
  row.cells.took.style.right = { behind: '', before: `${100 - from}%`, inside: `${100 - from - width}%` }[place];
  row.cells.took.classList.toggle('inside', place === 'inside');
}

const [NUMBER, ID, PARENT, SEGMENT, NAME, OP, SERVICE, START, MICROS, FLAGS] = Array(10).keys();
const ERROR = 1;
const SERVICE_SPAN = 2;
const LATE = 4;

/** How long Sentry waits for a service span, in milliseconds. */
export const PATIENCE = 60_000;

/**
 * The spans of one trace as a tree.
 *
 * A parent that is not here gets a ghost in its place, below the service span that its children name: while a trace runs,
 * parents come after their children.
 */
export class Tree {
  constructor() {
    this.rows = new Map();
    this.folded = new Set();
  }

  get newest() {
    let newest = 0;
    for (const number of this.rows.keys()) newest = Math.max(newest, number);
    return newest;
  }

  /** Takes what the server says; answers whether anything changed. */
  take({ floor, base, spans, texts }) {
    const before = this.rows.size;
    for (const number of [...this.rows.keys()]) if (number < floor) this.rows.delete(number);
    const changed = spans.length > 0 || this.rows.size !== before;
    for (const row of spans) this.rows.set(row[NUMBER], node(row, base, texts));
    return changed;
  }

  build() {
    // Every build begins with fresh nodes: their places in the tree are written on them.
    this.nodes = [...this.rows.values()].map((node) => ({ ...node, children: [] }));
    this.byId = new Map(this.nodes.map((node) => [node.id, node]));
    this.ghosts = new Map();
    this.roots = [];
    for (const node of this.nodes) if (!node.isServiceSpan) this.place(node);
    for (const node of this.nodes) if (node.isServiceSpan) this.place(node);
    this.all = [...this.nodes, ...this.ghosts.values()];
    const byStart = (a, b) => a.start - b.start || a.number - b.number;
    for (const node of this.all) node.children.sort(byStart);
    this.roots.sort(byStart);
    this.breakRings();
    this.start = this.all.reduce((start, node) => Math.min(start, node.start), Infinity);
    this.end = this.all.reduce((end, node) => Math.max(end, node.end), -Infinity);
    this.services = new Set(this.nodes.map((node) => node.service));
  }

  place(node) {
    if (node.parentId === null) return this.attach(node, null);
    const parent = this.byId.get(node.parentId);
    if (parent) return this.attach(node, parent);
    // A service span's parent may be in a service that sends elsewhere. It is awaited only if others name it too.
    if (node.isServiceSpan && !this.ghosts.has(node.parentId)) return this.attach(node, null);
    node.parentMissing = !node.isServiceSpan;
    node.segmentMissing = node.segmentId !== null && !this.byId.has(node.segmentId);
    this.attach(node, this.ghost(node.parentId, node));
  }

  ghost(id, child) {
    let ghost = this.ghosts.get(id);
    if (!ghost) {
      ghost = {
        id, number: 0, parentId: null, segmentId: child.segmentId, name: '', op: null, service: child.service,
        start: Infinity, end: -Infinity, isGhost: true, isServiceSpan: id === child.segmentId, children: [],
      };
      this.ghosts.set(id, ghost);
      const above = child.segmentId === null || child.segmentId === id ? null
        : this.byId.get(child.segmentId) ?? this.ghost(child.segmentId, child);
      this.attach(ghost, above);
    }
    for (let at = ghost; at?.isGhost; at = at.parent) {
      at.start = Math.min(at.start, child.start);
      at.end = Math.max(at.end, child.end);
    }
    return ghost;
  }

  attach(node, parent) {
    node.parent = parent;
    (parent ? parent.children : this.roots).push(node);
  }

  /** Spans that are each other's parents have no root; the first of them is made one. */
  breakRings() {
    const reached = new Set();
    const reach = (root) => {
      const open = [root];
      while (open.length) {
        const node = open.pop();
        if (reached.has(node)) continue;
        reached.add(node);
        open.push(...node.children);
      }
    };
    this.roots.forEach(reach);
    for (const node of this.all) {
      if (reached.has(node)) continue;
      node.parent.children.splice(node.parent.children.indexOf(node), 1);
      node.isRing = true;
      this.attach(node, null);
      reach(node);
    }
  }

  /** The rows that are not inside a folded one, in the order of reading, with their depth. */
  visible() {
    const rows = [];
    const open = this.roots.map((root) => [root, 0]).reverse();
    while (open.length) {
      const [node, depth] = open.pop();
      node.depth = depth;
      rows.push(node);
      if (this.folded.has(node.id)) continue;
      for (let i = node.children.length - 1; i >= 0; i--) open.push([node.children[i], depth + 1]);
    }
    return rows;
  }

  /** The same span after a build, or null; a ghost's span may have come. */
  again(node) {
    if (node.isGhost) return this.byId.get(node.id) ?? this.ghosts.get(node.id) ?? null;
    return this.nodes.find((other) => other.number === node.number) ?? null;
  }

  /** Unfolds whatever hides the node. */
  uncover(node) {
    for (let at = node.parent; at; at = at.parent) this.folded.delete(at.id);
  }
}

/** What a row of the server says; a text is a number in the list of all texts. */
function node(row, base, texts) {
  const text = (column) => texts[row[column]] ?? null;
  const start = base + row[START];
  return {
    number: row[NUMBER], id: row[ID], parentId: row[PARENT], segmentId: text(SEGMENT), name: text(NAME), op: text(OP),
    service: text(SERVICE), start, end: start + row[MICROS], isError: (row[FLAGS] & ERROR) !== 0,
    isServiceSpan: (row[FLAGS] & SERVICE_SPAN) !== 0, isLate: (row[FLAGS] & LATE) !== 0,
  };
}

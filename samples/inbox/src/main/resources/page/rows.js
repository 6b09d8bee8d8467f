/** A list of any length of which only the rows in sight exist. All rows are of one height. */
export class Rows {
  /** make() creates an empty row, fill(row, item, index) writes an item into it. */
  constructor(viewport, height, make, fill) {
    this.viewport = viewport;
    this.height = height;
    this.make = make;
    this.fill = fill;
    this.items = [];
    this.pool = [];
    this.space = document.createElement('div');
    this.space.className = 'space';
    viewport.append(this.space);
    viewport.addEventListener('scroll', () => this.later());
    new ResizeObserver(() => this.later()).observe(viewport);
  }

  show(items) {
    this.items = items;
    this.space.style.height = `${items.length * this.height}px`;
    this.viewport.setAttribute('aria-rowcount', items.length);
    this.later();
  }

  later() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  draw() {
    const spare = 4;
    const first = Math.max(0, Math.floor(this.viewport.scrollTop / this.height) - spare);
    const inSight = Math.ceil(this.viewport.clientHeight / this.height) + 2 * spare;
    const last = Math.min(this.items.length, first + inSight);
    while (this.pool.length < last - first) {
      const row = this.make();
      row.style.height = `${this.height}px`;
      this.pool.push(row);
      this.space.append(row);
    }
    this.pool.forEach((row, place) => {
      const index = first + place;
      row.hidden = index >= last;
      if (row.hidden) return;
      row.style.transform = `translateY(${index * this.height}px)`;
      row.index = index;
      row.setAttribute('aria-rowindex', index + 1);
      this.fill(row, this.items[index], index);
    });
  }

  /** Scrolls as little as needed. */
  reveal(index) {
    if (index < 0) return;
    const top = index * this.height;
    const { scrollTop, clientHeight } = this.viewport;
    if (top < scrollTop) this.viewport.scrollTop = top;
    else if (top + this.height > scrollTop + clientHeight) this.viewport.scrollTop = top + this.height - clientHeight;
    this.later();
  }

  get perPage() {
    return Math.max(1, Math.floor(this.viewport.clientHeight / this.height) - 1);
  }
}

/** Where a key leads in a list of this length, or undefined if it is none for moving. */
export function moved(key, index, length, perPage) {
  const targets = {
    ArrowDown: index + 1, j: index + 1, ArrowUp: index - 1, k: index - 1,
    PageDown: index + perPage, PageUp: index - perPage, Home: 0, End: length - 1,
  };
  if (!(key in targets) || length === 0) return undefined;
  return Math.min(length - 1, Math.max(0, targets[key]));
}

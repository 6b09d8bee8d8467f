const UNITS = [[1, 'µs'], [1e3, 'ms'], [1e6, 's']];

/** Microseconds as people say them: three digits and a unit. */
export function duration(micros) {
  if (micros >= 60e6) {
    const seconds = Math.round(micros / 1e6);
    return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }
  const [size, unit] = UNITS.findLast(([size]) => micros >= size) ?? UNITS[0];
  const value = micros / size;
  const digits = size === 1 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${Number(value.toFixed(digits))} ${unit}`;
}

/** The time of day of microseconds since the epoch. */
export function timeOfDay(micros) {
  return new Date(micros / 1e3).toLocaleTimeString(undefined, { hour12: false });
}

export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

const COLOURS = 10;

/** A colour for each service: always the same for one name, unless another service of the trace has taken it. */
export function colours(services) {
  const taken = new Map();
  for (const service of [...services].sort()) {
    let hash = 0;
    for (const char of service) hash = (hash * 31 + char.codePointAt(0)) >>> 0;
    let colour = hash % COLOURS;
    const used = new Set(taken.values());
    if (used.size < COLOURS) while (used.has(colour)) colour = (colour + 1) % COLOURS;
    taken.set(service, colour);
  }
  return taken;
}

/** Round marks on a time axis of this many microseconds, at most so many. */
export function ticks(total, most) {
  if (!(total > 0)) return [0];
  const rough = total / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, power * [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough));
  const marks = [];
  for (let at = 0; at <= total; at += step) marks.push(at);
  return marks;
}

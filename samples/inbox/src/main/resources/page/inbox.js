import { byId, el, say } from './dom.js';
import { count } from './format.js';
import { Details } from './details.js';
import { Findings } from './findings.js';
import { bindKeys } from './keys.js';
import { TraceList } from './traceList.js';
import { Waterfall } from './waterfall.js';
import * as server from './server.js';

const TRACE = /^#\/trace\/([0-9a-f]{32})(?:\/([0-9a-f]{16}))?$/;

const details = new Details();
const findings = new Findings();
const go = (hash) => { location.hash = hash; };
const openTrace = (id) => go(`#/trace/${id}`);
const list = new TraceList(openTrace);
const waterfall = new Waterfall((node) => {
  // The address names the selected span, but selecting adds nothing to the history.
  if (node || TRACE.exec(location.hash)?.[2]) history.replaceState(null, '', node ? `#/trace/${waterfall.trace}/${node.id}` : `#/trace/${waterfall.trace}`);
  details.show(waterfall.trace, node, node && waterfall.isOrphan(node), () => waterfall.select(null));
});

/** Shows what the address names. */
function route() {
  const match = TRACE.exec(location.hash);
  const isFindings = location.hash === '#/findings';
  byId('main').className = match ? 'on-trace' : isFindings ? 'on-findings' : 'on-list';
  byId('trace').hidden = !match;
  byId('findings').hidden = !isFindings;
  byId('welcome').hidden = Boolean(match) || isFindings;
  if (!match) byId('details').hidden = true;
  else {
    list.select(match[1]);
    waterfall.open(match[1], match[2]);
    byId('waterfall').focus({ preventScroll: true });
  }
  findings.refresh();
}

let known = {};

function onNumbers(numbers) {
  const number = (value) => value.toLocaleString('en');
  const parts = [el('span', '', count(numbers.accepted, 'span'))];
  if (numbers.rejected) parts.push(' · ', el('span', 'bad-text', `${number(numbers.rejected)} rejected`));
  if (numbers.discarded) parts.push(' · ', el('span', '', `${number(numbers.discarded)} dropped by clients`));
  if (numbers.warnings) parts.push(' · ', el('span', 'warn-text', count(numbers.warnings, 'warning')));
  byId('numbers').replaceChildren(...parts);
  // The first of a connection: the inbox may be another one now.
  if (known.isNew || numbers.accepted < known.accepted || numbers.arrivals < known.arrivals) list.restart();
  else list.refresh();
  if (!byId('trace').hidden) waterfall.refresh();
  findings.refresh();
  known = numbers;
}

function onLive(isLive) {
  byId('live').textContent = isLive ? 'live' : 'not connected';
  byId('live').classList.toggle('on', isLive);
  known.isNew = true;
}

byId('help').addEventListener('click', () => byId('keys').showModal());
byId('clear').addEventListener('click', async () => {
  await server.clear();
  go('#/');
});
byId('import').addEventListener('change', async (event) => {
  const [file] = event.target.files;
  event.target.value = '';
  if (!file) return;
  try {
    const { trace, spans, lost } = await server.importTrace(file);
    say(`Imported ${count(spans, 'span')}${lost ? `, ${lost} rejected` : ''}.`);
    openTrace(trace);
  } catch (error) {
    say(error.message);
  }
});

bindKeys({ list, waterfall, go, openTrace });
addEventListener('hashchange', route);
server.listen(onNumbers, onLive);
route();

import { byId } from './dom.js';

/** What a key does anywhere on the page; views answer whether a key was theirs. */
export function bindKeys({ list, waterfall, go, openTrace }) {
  const trace = () => (byId('trace').hidden ? null : waterfall);
  const actions = {
    '?': () => byId('keys').showModal(),
    '/': () => (trace() ? byId('find') : byId('query')).focus(),
    t: () => byId('query').focus(),
    g: () => go('#/findings'),
    '[': () => list.step(-1),
    ']': () => list.step(1),
    Escape: () => back(),
    Enter: () => list.selected && openTrace(list.selected),
  };

  function back() {
    if (trace() && waterfall.selected) waterfall.select(null);
    else go('#/');
  }

  /** In a search field, Enter and the arrows still move, and Escape leaves. */
  function inField(event) {
    const field = event.target;
    if (event.key === 'Escape') {
      field.blur();
      return true;
    }
    if (!['Enter', 'ArrowDown', 'ArrowUp'].includes(event.key) || field.type !== 'search') return false;
    if (field.id === 'find') return waterfall.key(event.key);
    return event.key === 'Enter' ? (list.selected && openTrace(list.selected), true) : list.key(event.key);
  }

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId('keys').open) return;
    if (event.target.matches('input, select')) {
      if (inField(event)) event.preventDefault();
      return;
    }
    if (event.target.matches('button, a:not(.trace-row)') && event.key === 'Enter') return;
    const isList = !trace() || event.target.closest('#traces');
    if ((isList ? list : waterfall).key(event.key)) event.preventDefault();
    else if (Object.hasOwn(actions, event.key)) {
      event.preventDefault();
      actions[event.key]();
    }
  });
}

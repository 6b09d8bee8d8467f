/** Everything that is asked of the inbox. */
async function get(path) {
  const answer = await fetch(path);
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

export const traces = (since, query) => get(`/traces?since=${since}&q=${encodeURIComponent(query)}`);
export const rows = (trace, since) => get(`/traces/${trace}?since=${since}`);
export const span = (trace, number) => get(`/traces/${trace}/spans/${number}`);
export const findings = () => get('/findings');
export const exportPath = (trace) => `/traces/${trace}/export`;
export const clear = () => fetch('/traces', { method: 'DELETE' });

/** Puts a file back; answers what became of it, or throws with the reason of the refusal. */
export async function importTrace(file) {
  const answer = await fetch('/traces', { method: 'POST', body: file, headers: { 'Content-Type': 'application/json' } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail);
  return body;
}

/**
 * Calls onNumbers whenever something has arrived, and onLive with whether the inbox can be reached. A page that nobody
 * looks at lets go of its connection, of which a browser grants six.
 */
export function listen(onNumbers, onLive) {
  let source;
  const update = () => {
    if (document.hidden) {
      source?.close();
      source = undefined;
    } else if (!source) {
      source = new EventSource('/events');
      source.onopen = () => onLive(true);
      source.onerror = () => onLive(false);
      source.onmessage = (event) => onNumbers(JSON.parse(event.data));
    }
  };
  document.addEventListener('visibilitychange', update);
  update();
}

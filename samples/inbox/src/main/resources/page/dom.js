/** An element with a class and a text. What came from outside is only ever set as text. */
export function el(tag, className = '', text = '') {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== '') element.textContent = text;
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Shows a sentence for some seconds. */
export function say(text) {
  const message = byId('message');
  message.textContent = text;
  message.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { message.hidden = true; }, 6000);
}

/** Runs a task once per change at most, and once more if it was asked for while it ran. */
export function oneAtATime(task) {
  let running = false;
  let again = false;
  return async function run() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        await task();
      } while (again);
    } catch (error) {
      say(`The inbox does not answer: ${error.message}`);
    } finally {
      running = false;
    }
  };
}

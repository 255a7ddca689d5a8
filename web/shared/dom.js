// The one kit for elements, on the buyer's page and on the operator's. Strings become text, never
// markup: what comes from the server or from a buyer's prompt cannot turn into a tag.
const svg = 'http://www.w3.org/2000/svg';

// element('td.number', { title: 'x' }, 'text', child, …). true sets an attribute without a value;
// false, null and undefined leave it out, also as children; a function is a listener ("onclick").
export function element(what, attributes, ...children) {
  const [tag, ...classes] = what.split('.');
  const made = document.createElement(tag);
  if (classes.length > 0) made.className = classes.join(' ');
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value);
    else setAttribute(made, name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

export function setAttribute(target, name, value) {
  if (value === true) target.setAttribute(name, '');
  else if (value === false || value === null || value === undefined) target.removeAttribute(name);
  else if (target.getAttribute(name) !== String(value)) target.setAttribute(name, value);
}

// Only on a change, or screen readers would read the same words again.
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

// An address from the server becomes a link only if it is one of the web.
export function webAddress(text) {
  try {
    const url = new URL(text);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}

const lines = {
  check: ['M5 12.5l4.6 4.6L19 7.6'],
  wait: ['M12 3.4a8.6 8.6 0 1 1 0 17.2a8.6 8.6 0 0 1 0-17.2', 'M12 7.4v4.9l3.3 1.9'],
  note: ['M12 6.5v7', 'M12 17.4v.1'],
  cross: ['M7.5 7.5l9 9', 'M16.5 7.5l-9 9'],
  download: ['M12 4v11', 'M7 10.6l5 5 5-5', 'M5 19.5h14'],
  link: ['M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3',
    'M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1'],
  copy: ['M9 9h10.5v10.5H9z', 'M15 9V4.5H4.5V15H9'],
  share: ['M12 15V4', 'M8 7.8l4-4 4 4', 'M6 12.5v7h12v-7'],
  back: ['M9.5 6L4.5 11l5 5', 'M5 11h9.5a5 5 0 0 1 0 10H12'],
};

export function icon(name) {
  const drawing = document.createElementNS(svg, 'svg');
  drawing.setAttribute('viewBox', '0 0 24 24');
  drawing.setAttribute('aria-hidden', 'true');
  for (const line of lines[name]) {
    const path = document.createElementNS(svg, 'path');
    path.setAttribute('d', line);
    drawing.append(path);
  }
  return drawing;
}

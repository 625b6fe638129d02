// Elements of the page.

export const by = (id) => document.getElementById(id);

export function setText(id, text) {
  const element = by(id);
  if (element.textContent !== text) element.textContent = text;
}

export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export function fill(select, choices) {
  select.replaceChildren(
    ...Object.entries(choices).map(([value, text]) => new Option(text, value)),
  );
}

// Elements of the page by their ids.

export const by = (id) => document.getElementById(id);

export function setText(id, text) {
  const element = by(id);
  if (element.textContent !== text) element.textContent = text;
}

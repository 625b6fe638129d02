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

// Lists files of the user that cannot be used; hidden if there are none, as before if it is not known.
export function fillMistakes(list, mistakes) {
  if (!mistakes) return;
  list.hidden = !mistakes.length;
  list.replaceChildren(...mistakes.map((each) => {
    const item = make("li", "mistake");
    item.append(...mistake(each));
    return item;
  }));
}

// A file of the user that cannot be used: its name, what is wrong in general, and where, in English.
export function mistake({ name, reason, detail }) {
  const where = make("small", "", detail);
  where.lang = "en";
  return [make("strong", "", `✕ ${name}`), make("span", "", reason), where];
}

// Choices under the headings of their groups, each by the alphabet of the language; a group without a
// title has no heading. groups: the group of each choice by its value, without those at the top.
export function fillGrouped(select, top, choices, { groups, order, words, locale }) {
  fill(select, top);
  const { compare } = new Intl.Collator(locale, { numeric: true });
  const sorted = Object.entries(choices).sort(([, one], [, other]) => compare(one, other));
  for (const group of order) {
    const options = sorted.filter(([value]) => (groups[value] ?? "auto") === group)
      .map(([value, text]) => new Option(text, value));
    const title = words[`group_${group}`];
    if (!options.length) continue;
    if (!title) {
      select.append(...options);
      continue;
    }
    const part = document.createElement("optgroup");
    part.label = title;
    part.append(...options);
    select.append(part);
  }
}

export function fill(select, choices) {
  select.replaceChildren(
    ...Object.entries(choices).map(([value, text]) => new Option(text, value)),
  );
}

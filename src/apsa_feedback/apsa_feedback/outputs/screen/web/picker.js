// The choice of an exercise: a picture of each, in groups, by the alphabet of the page's language.

import { by, make, mistake, setText } from "/static/dom.js";
import { Drawing } from "/static/figure.js";

const SVG = "http://www.w3.org/2000/svg";

export class Picker {
  // choose: called with the name of the exercise.
  constructor(choose) {
    this.choose = choose;
    this.words = {};
    this.bones = [];
    this.order = [];
    this.locale = "en";
    this.chosen = "";
    by("picker-close").addEventListener("click", () => by("picker").close());
    by("picker-search").addEventListener("input", () => this.filter());
    by("picker").addEventListener("keydown", (event) => this.press(event));
  }

  hello({ words, bones, locale, group_order }) {
    Object.assign(this, { words, bones, locale, order: group_order });
    setText("picker-label", words.exercise);
    setText("picker-none", words.no_match);
    by("picker-search").placeholder = words.search;
    by("picker-search").setAttribute("aria-label", words.search);
    by("picker-close").title = words.close;
    by("picker-close").setAttribute("aria-label", words.close);
    if (by("picker").open) this.fill();
  }

  // The exercise of the session.
  show(name) {
    this.chosen = name;
    for (const card of this.cards()) card.setAttribute("aria-current", String(card.dataset.name === name));
  }

  async open(name) {
    this.chosen = name;
    by("picker").showModal();
    by("picker-search").value = "";
    by("picker-search").focus();
    await this.fill();
    this.shown().find((card) => card.dataset.name === name)?.scrollIntoView({ block: "center" });
  }

  // Asked for each time: the user may have added exercises.
  async fill() {
    const { locale, words } = this;
    let exercises;
    try {
      exercises = await (await fetch("/guide/")).json();
    } catch {
      return; // the connection is lost; what was there stays
    }
    const { compare } = new Intl.Collator(locale, { numeric: true });
    exercises.sort((one, other) => compare(one.title, other.title));
    const sections = this.order.map((group) => {
      const section = make("section");
      const title = words[`group_${group}`] ?? "";
      const cards = make("div", "cards");
      cards.append(...exercises.filter((each) => each.group === group).map((each) => this.card(each, title)));
      if (title) section.append(make("h3", "", title));
      section.append(cards);
      return section;
    });
    by("picker-groups").replaceChildren(...sections);
    this.filter();
  }

  card(exercise, group) {
    return exercise.detail ? this.unusable(exercise, group) : this.usable(exercise, group);
  }

  // A file with a mistake: listed, so that its author finds out, but it cannot be chosen.
  unusable(exercise, group) {
    const card = make("div", "mistake");
    card.dataset.words = this.plain(`${exercise.title} ${group} ${exercise.words}`);
    card.setAttribute("aria-disabled", "true");
    card.append(...mistake(exercise));
    return card;
  }

  usable(exercise, group) {
    const card = make("button");
    card.type = "button";
    card.dataset.name = exercise.name;
    card.dataset.words = this.plain(`${exercise.title} ${group} ${exercise.words}`);
    card.setAttribute("aria-current", String(exercise.name === this.chosen));
    if (exercise.bodies.length) card.append(this.picture(exercise));
    card.append(make("span", "", exercise.title));
    card.addEventListener("click", () => {
      by("picker").close();
      this.choose(exercise.name);
    });
    return card;
  }

  // The turning point over the start.
  picture({ bodies, props, turned }) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("aria-hidden", "true");
    const drawing = new Drawing(svg, this.bones, { bodies, props, turned });
    drawing.add(bodies[0], "start");
    drawing.add(bodies[1]);
    return svg;
  }

  // Every word must be somewhere in title, group, names or description.
  filter() {
    const wanted = this.plain(by("picker-search").value).split(/\s+/);
    for (const card of by("picker-groups").querySelectorAll("[data-words]")) {
      card.hidden = !wanted.every((word) => card.dataset.words.includes(word));
    }
    const found = "[data-words]:not([hidden])";
    for (const section of by("picker-groups").children) {
      section.hidden = !section.querySelector(found);
    }
    by("picker-none").hidden = by("picker-groups").querySelector(found) !== null;
    const shown = this.shown();
    const first = shown.find((card) => card.dataset.name === this.chosen) ?? shown[0];
    for (const card of shown) card.tabIndex = card === first ? 0 : -1;
  }

  // Arrows move among the cards, from the search into them and back; Enter in the search chooses the only match.
  press(event) {
    const shown = this.shown();
    const card = event.target.closest("#picker-groups button");
    if (event.target.id === "picker-search") {
      if (event.key === "Enter" && shown.length === 1) shown[0].click();
      else if (["Enter", "ArrowDown"].includes(event.key)) this.focus(shown[0]);
      else return;
    } else if (card) {
      const next = neighbour(shown, card, event.key);
      if (!next && event.key === "ArrowUp") by("picker-search").focus();
      else if (next) this.focus(next);
      else return;
    } else {
      return;
    }
    event.preventDefault();
  }

  focus(card) {
    if (!card) return;
    for (const each of this.shown()) each.tabIndex = each === card ? 0 : -1;
    card.focus();
  }

  cards() {
    return [...by("picker-groups").querySelectorAll("button")];
  }

  shown() {
    return this.cards().filter((card) => !card.hidden);
  }

  // Small letters without accents, so that a search finds them however they are typed.
  plain(text) {
    return text.toLocaleLowerCase(this.locale).normalize("NFD").replace(/\p{M}/gu, "").trim();
  }
}

// The card that a key leads to; upwards and downwards the nearest one of the next row.
function neighbour(cards, card, key) {
  const index = cards.indexOf(card);
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (step) return cards[index + step];
  if (key === "Home") return cards[0];
  if (key === "End") return cards.at(-1);
  const down = { ArrowDown: true, ArrowUp: false }[key];
  if (down === undefined) return undefined;
  const place = card.getBoundingClientRect();
  const rows = (down ? cards.slice(index) : cards.slice(0, index).reverse())
    .map((each) => [each, each.getBoundingClientRect()])
    .filter(([, box]) => (down ? box.top > place.top + 1 : box.top < place.top - 1));
  const row = rows.filter(([, box]) => Math.abs(box.top - rows[0][1].top) < 1);
  row.sort(([, one], [, other]) => Math.abs(one.left - place.left) - Math.abs(other.left - place.left));
  return row[0]?.[0];
}

// How an exercise is done: a figure that moves between its start and its turning point, as in a
// mirror, with a description and where the camera should be.

import { make } from "/static/dom.js";
import { Drawing } from "/static/figure.js";

const REST_S = 0.6;
const HELD_S = 4;
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Guide {
  // A figure element, which is hidden while there is nothing to show.
  constructor(element) {
    this.element = element;
    this.svg = element.querySelector("svg");
    this.bones = [];
    this.words = {};
    this.locale = "";
    this.known = new Map();
    this.wanted = "";
    this.tempo = "";
    this.moving = false;
  }

  hello({ bones, words, locale }) {
    Object.assign(this, { bones, words, locale });
    this.element.setAttribute("aria-label", words.show_how);
    if (this.wanted) this.show(this.wanted, this.tempo);
  }

  // The exercise by its name; an empty one hides the figure. Tempo: seconds out, held, back: 3-1-2.
  async show(name, tempo = "") {
    const key = name && `${this.locale} ${name}`;
    this.wanted = name;
    this.tempo = tempo;
    if (key === this.shown) return;
    const content = name ? await this.content(key, name) : null;
    if (this.wanted !== name || key === this.shown) return; // another one was asked for meanwhile
    if (content || !name) this.shown = key;
    this.element.hidden = !content;
    this.element.dataset.exercise = content ? name : "";
    if (content) this.fill(content);
  }

  async content(key, name) {
    if (!this.known.has(key)) {
      try {
        const answer = await fetch(`/guide/${name}`);
        if (!answer.ok) return null;
        this.known.set(key, await answer.json());
      } catch {
        return null; // the connection is lost; the next state asks again
      }
    }
    return this.known.get(key);
  }

  fill(content) {
    this.guide = content;
    const { words } = this;
    const camera = `${words.camera}: ${content.camera.join(" / ")}`;
    this.element.querySelector("figcaption").replaceChildren(
      make("strong", "", content.title),
      make("p", "", content.description),
      make("p", "guide-camera", `${camera}. ${words.camera_distance}.`),
    );
    this.svg.toggleAttribute("hidden", !content.cycles.length);
    if (!content.cycles.length) return;
    this.draw();
    this.began = performance.now();
    if (!this.moving) this.move();
  }

  // The lines of the prop and the body; only the body moves.
  draw() {
    const { cycles, props, turned } = this.guide;
    const drawing = new Drawing(this.svg, this.bones, { bodies: cycles.flat(), props, turned });
    this.body = drawing.add(cycles[0][0]);
  }

  // The body at a share of the way from start to turning point.
  place(cycle, share) {
    const at = Math.min(share * (cycle.length - 1), cycle.length - 1.001);
    const [before, part] = [Math.floor(at), at % 1];
    this.body((id) => [0, 1].map((axis) =>
      cycle[before][id][axis] * (1 - part) + cycle[before + 1][id][axis] * part));
  }

  move() {
    this.moving = this.element.getClientRects().length > 0 && !still.matches;
    if (!this.moving) return;
    const { cycles } = this.guide;
    const [out, held, back] = this.pace();
    const since = (performance.now() - this.began) / 1000;
    const whole = REST_S + out + held + back;
    const now = since % whole;
    const cycle = cycles[Math.floor(since / whole) % cycles.length];
    if (cycle) this.place(cycle, way(now - REST_S, out, held, back));
    requestAnimationFrame(() => this.move());
  }

  pace() {
    const asked = this.tempo.split("-").map(Number);
    const { hold, seconds } = this.guide;
    if (hold) return [seconds / 2, HELD_S, seconds / 2];
    return asked.length === 3 && asked.every((each) => each >= 0) && asked[0] && asked[2]
      ? asked : [seconds / 2, 0.2, seconds / 2];
  }

  // What was hidden, such as in a closed dialog, does not move.
  wake() {
    if (!this.moving && this.guide?.cycles.length) this.move();
  }
}

function way(since, out, held, back) {
  if (since <= 0) return 0;
  if (since < out) return smooth(since / out);
  if (since < out + held) return 1;
  return smooth(Math.max(0, 1 - (since - out - held) / back));
}

function smooth(share) {
  return share * share * (3 - 2 * share);
}

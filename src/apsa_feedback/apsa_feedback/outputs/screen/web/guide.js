// How an exercise is done: a figure that moves between its start and its turning point, as in a
// mirror, with a description and where the camera should be.

import { make } from "/static/dom.js";

const HEAD = 3;
const HEAD_CM = 10;
const MARGIN_CM = 16;
const FIRST_RIGHT = [8, 16]; // joints of the right arm and leg follow
const REST_S = 0.6;
const HELD_S = 4;
const SVG = "http://www.w3.org/2000/svg";
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
    const places = [...cycles.flat(2), ...props.flat()];
    const [xs, ys] = [0, 1].map((axis) => places.map((place) => place[axis]));
    const [left, top] = [Math.min(...xs) - MARGIN_CM, Math.min(...ys) - MARGIN_CM];
    const [right, bottom] = [Math.max(...xs) + MARGIN_CM, Math.max(...ys) + MARGIN_CM];
    this.svg.setAttribute("viewBox", `${left} ${top} ${right - left} ${bottom - top}`);
    const lying = cycles.flat().some((body) => body[HEAD][1] > -HEAD_CM);
    const ground = lying ? HEAD_CM + 1 : 4;
    const floor = shape("line", { class: "floor", x1: left, x2: right, y1: ground, y2: ground });
    const lines = props.map((line) => shape("polyline", { class: "prop", points: line.join(" ") }));
    const far = (joint) => turned >= 45 && FIRST_RIGHT.some((first) => joint >= first && joint < first + 4);
    const bones = this.bones.filter(([joint]) => joint !== HEAD)
      .sort(([one], [other]) => far(other) - far(one));
    this.limbs = bones.map((bone) => [shape("line", { class: far(bone[0]) ? "far" : "near" }), bone]);
    this.head = shape("circle", { class: "head", r: HEAD_CM });
    this.svg.replaceChildren(floor, ...lines, ...this.limbs.map(([line]) => line), this.head);
    this.place(cycles[0], 1);
  }

  // The body at a share of the way from start to turning point.
  place(cycle, share) {
    const at = Math.min(share * (cycle.length - 1), cycle.length - 1.001);
    const [before, part] = [Math.floor(at), at % 1];
    const joint = (id) => [0, 1].map((axis) =>
      cycle[before][id][axis] * (1 - part) + cycle[before + 1][id][axis] * part);
    for (const [line, [one, other]] of this.limbs) {
      const [[x1, y1], [x2, y2]] = [joint(one), joint(other)];
      for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) line.setAttribute(name, value);
    }
    const [x, y] = joint(HEAD);
    this.head.setAttribute("cx", x);
    this.head.setAttribute("cy", y);
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

function shape(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

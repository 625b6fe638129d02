// Draws a frame: the picture, and all skeletons over it. Joints of an error are diamonds (severe:
// triangles) with a ring, other joints are dots; what is inferred, not observed, is thin and hollow.
// People who are not coached are faint; with others in view, the one who is has a green head.

import { coached, edges, personAt } from "/static/people.js";
import { isSevere } from "/static/values.js";

const BONE = "#f1f5f9";
const SHADE = "rgba(5, 8, 11, 0.75)";
const WARN = "#ffb347";
const SEVERE = "#ff8f5a";
const DIAMOND = [[0, -1], [1, 0], [0, 1], [-1, 0]];
const TRIANGLE = [[0, -1.1], [1.05, 0.75], [-1.05, 0.75]];
const PELVIS = 0;
const NECK = 2;
const HEAD = 3;
const HEAD_SIZE = 0.72;
// Shares of the way in a frame: the view opens quickly where somebody leaves it, and narrows slowly,
// so that it does not breathe with each repetition.
const OPEN = 0.35;
const NOBODY = 0.03;
const NARROW = 0.006;
const MARGIN = 1.2;
const MAX_ZOOM = 1.5; // beyond filling the stage, for a person far from the camera
const FAINT = 0.4;
const CHOSEN = "#6ee7a8";

export class Stage {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.bones = [];
    this.flipped = false;
    this.last = null;
    this.room = null;
    this.selected = 0;
    this.place = null;
    new ResizeObserver(() => this.redraw()).observe(canvas);
  }

  show(frame, picture) {
    this.last?.picture?.close();
    this.last = { frame, picture };
    this.redraw();
  }

  // Whether left and right of the picture are exchanged, with all that is drawn over it.
  flip(flipped) {
    if (flipped === this.flipped) return;
    this.flipped = flipped;
    this.redraw();
  }

  // Number of the selected person; 0: nobody.
  select(id) {
    if (id === this.selected) return;
    this.selected = id;
    this.redraw();
  }

  // Number of the person at a place on the page; 0: nobody.
  personAt(clientX, clientY) {
    if (!this.place) return 0;
    const { left, top } = this.canvas.getBoundingClientRect();
    const { scale, x, y, centre, ratio } = this.place;
    const across = ((clientX - left) * ratio - centre[0]) / scale;
    const down = ((clientY - top) * ratio - centre[1]) / scale;
    return personAt(this.last.frame, x + (this.flipped ? -across : across), y + down);
  }

  redraw() {
    if (!this.last) return;
    const { canvas, context } = this;
    const { frame, picture } = this.last;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const width = Math.round(canvas.clientWidth * ratio);
    const height = Math.round(canvas.clientHeight * ratio);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    const [w, h] = frame.size;
    const { scale, x, y } = this.follow(frame, width, height);
    const centre = [width / 2, height / 2];
    this.place = { scale, x, y, centre, ratio };
    context.translate(...centre);
    context.scale(this.flipped ? -scale : scale, scale);
    context.translate(-x, -y);
    if (picture) context.drawImage(picture, 0, 0, w, h);
    const subject = coached(frame);
    frame.people.forEach((joints, index) => {
      if (index !== subject) this.drawPerson(joints, new Map(), h, FAINT);
    });
    if (subject < 0) return;
    this.drawPerson(frame.people[subject], markedJoints(frame.errors), h, 1);
    if (frame.people.length > 1) this.drawRings(frame.people[subject]);
  }

  // The picture fills the stage as far as nobody who was in view lately is cut off.
  follow({ size: [w, h], people }, width, height) {
    const contain = Math.min(width / w, height / h);
    const most = Math.max(width / w, height / h) * MAX_ZOOM;
    const whole = { left: 0, right: w, top: 0, bottom: h };
    this.room = people.length
      ? moved(this.room, edges(people.flatMap((each) => [...each, ...headEnds(each)])), OPEN)
      : moved(this.room, whole, NOBODY);
    const { left, right, top, bottom } = this.room;
    const fit = Math.min(width / (MARGIN * (right - left)), height / (MARGIN * (bottom - top)));
    const scale = Math.max(contain, Math.min(most, fit));
    return {
      scale,
      x: keepInside((left + right) / 2, w, width / 2 / scale),
      y: keepInside((top + bottom) / 2, h, height / 2 / scale),
    };
  }

  // With others in view; a second ring means that the person was selected.
  drawRings(joints) {
    const { context } = this;
    const thick = Math.max(2, bounds(joints).height / 75);
    const [x, y] = joints[HEAD];
    const head = headRadius(joints);
    for (const radius of this.selected ? [head, head + 2.4 * thick] : [head]) {
      for (const [colour, width] of [[SHADE, 2.1], [CHOSEN, 1.3]]) {
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.strokeStyle = colour;
        context.lineWidth = thick * width;
        context.stroke();
      }
    }
  }

  drawPerson(joints, marked, height, opacity) {
    const { context } = this;
    this.opacity = opacity;
    context.globalAlpha = opacity;
    const thick = Math.max(2, (bounds(joints).height || height) / 75);
    const [headX, headY] = joints[HEAD];
    const head = headRadius(joints);
    for (const [from, to] of this.bones) {
      if (from === HEAD) this.drawBone(joints[to], chin(joints[to], joints[from]), thick);
      else this.drawBone(joints[from], joints[to], thick);
    }
    for (const [colour, width] of [[SHADE, 1.9], [BONE, 1]]) {
      context.beginPath();
      context.arc(headX, headY, head, 0, 2 * Math.PI);
      context.strokeStyle = colour;
      context.lineWidth = thick * width;
      context.stroke();
    }
    joints.forEach((joint, id) => {
      if (id !== PELVIS && id !== HEAD && !marked.has(id)) this.drawDot(joint, thick);
    });
    for (const [id, severity] of marked) this.drawMark(joints[id], severity, thick);
    context.globalAlpha = 1;
  }

  drawBone([x1, y1, seen1], [x2, y2, seen2], thick) {
    const { context } = this;
    const seen = seen1 && seen2;
    context.lineCap = "round";
    context.setLineDash(seen ? [] : [thick * 0.6, thick * 2.2]);
    for (const [colour, width] of [[SHADE, seen ? thick * 1.9 : 0], [BONE, thick * (seen ? 1 : 0.6)]]) {
      if (!width) continue;
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.globalAlpha = (seen ? 0.92 : 0.55) * this.opacity;
      context.beginPath();
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
      context.stroke();
    }
    context.setLineDash([]);
    context.globalAlpha = this.opacity;
  }

  drawDot([x, y, seen], thick) {
    const { context } = this;
    context.beginPath();
    context.arc(x, y, thick * (seen ? 1.25 : 0.9), 0, 2 * Math.PI);
    context.lineWidth = thick * 0.45;
    context.strokeStyle = seen ? SHADE : BONE;
    context.fillStyle = BONE;
    if (seen) context.fill();
    context.stroke();
  }

  drawMark([x, y], severity, thick) {
    const { context } = this;
    const size = thick * 2.6;
    context.fillStyle = isSevere(severity) ? SEVERE : WARN;
    context.strokeStyle = SHADE;
    context.lineWidth = thick * 0.9;
    context.beginPath();
    const corners = isSevere(severity) ? TRIANGLE : DIAMOND;
    for (const [dx, dy] of corners) context.lineTo(x + dx * size, y + dy * size);
    context.closePath();
    context.stroke();
    context.fill();
    context.strokeStyle = context.fillStyle;
    context.lineWidth = thick * 0.7;
    context.beginPath();
    context.arc(x, y, size * 1.75, 0, 2 * Math.PI);
    context.stroke();
  }
}

function markedJoints(errors) {
  const marked = new Map();
  for (const { joints, severity } of errors) {
    for (const id of joints) marked.set(id, Math.max(severity, marked.get(id) ?? 0));
  }
  return marked;
}

function headRadius(joints) {
  return HEAD_SIZE * Math.hypot(joints[HEAD][0] - joints[NECK][0], joints[HEAD][1] - joints[NECK][1]);
}

// The ends of the head, whose joint is in its middle.
function headEnds(joints) {
  const [[x, y], radius] = [joints[HEAD], headRadius(joints)];
  return [[x - radius, y - radius], [x + radius, y + radius]];
}

// Point where the neck meets the ring of the head.
function chin([x1, y1, seen1], [x2, y2, seen2]) {
  const share = 1 - HEAD_SIZE;
  return [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share, seen1 && seen2];
}

function bounds(joints) {
  const { left, right, top, bottom } = edges(joints);
  return {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    width: right - left,
    height: bottom - top,
  };
}

// Edges one frame later: on their way outwards by one share, inwards by a smaller one.
function moved(before, now, outwards) {
  if (!before) return now;
  const step = (edge, sign) => {
    const change = now[edge] - before[edge];
    return before[edge] + (change * sign > 0 ? outwards : NARROW) * change;
  };
  return { left: step("left", -1), right: step("right", 1), top: step("top", -1), bottom: step("bottom", 1) };
}

// Centre of a window of twice the half, moved so that it stays within the size.
function keepInside(centre, size, half) {
  return 2 * half >= size ? size / 2 : Math.max(half, Math.min(size - half, centre));
}

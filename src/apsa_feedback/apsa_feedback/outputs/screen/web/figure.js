// The drawing of a figure: floor, prop, limbs and head, in centimetres as the coach sends them.

const HEAD = 3;
const HEAD_CM = 10;
const MARGIN_CM = 16;
const FIRST_RIGHT = [8, 16]; // joints of the right arm and leg follow
const SVG = "http://www.w3.org/2000/svg";

export class Drawing {
  // Fills an SVG element; bodies: all that are shown in it, props: lines, turned: degrees.
  constructor(svg, bones, { bodies, props, turned }) {
    const places = [...bodies.flat(), ...props.flat()];
    const [xs, ys] = [0, 1].map((axis) => places.map((place) => place[axis]));
    const [left, top] = [Math.min(...xs) - MARGIN_CM, Math.min(...ys) - MARGIN_CM];
    const [right, bottom] = [Math.max(...xs) + MARGIN_CM, Math.max(...ys) + MARGIN_CM];
    svg.setAttribute("viewBox", `${left} ${top} ${right - left} ${bottom - top}`);
    const lying = bodies.some((body) => body[HEAD][1] > -HEAD_CM);
    const ground = lying ? HEAD_CM + 1 : 4;
    const lines = props.map((line) => shape("polyline", { class: "prop", points: line.join(" ") }));
    const far = (joint) => turned >= 45 && FIRST_RIGHT.some((first) => joint >= first && joint < first + 4);
    this.svg = svg;
    this.bones = bones.filter(([joint]) => joint !== HEAD)
      .map((bone) => [...bone, far(bone[0]) ? "far" : "near"])
      .sort(([, , one], [, , other]) => (other === "far") - (one === "far"));
    svg.replaceChildren(
      shape("line", { class: "floor", x1: left, x2: right, y1: ground, y2: ground }), ...lines,
    );
  }

  // Adds a body; the function that is returned moves it.
  add(body, kind = "") {
    const limbs = this.bones.map(([, , side]) => shape("line", { class: `${side} ${kind}`.trim() }));
    const head = shape("circle", { class: `head ${kind}`.trim(), r: HEAD_CM });
    this.svg.append(...limbs, head);
    const place = (joint) => {
      this.bones.forEach(([one, other], index) => {
        const [[x1, y1], [x2, y2]] = [joint(one), joint(other)];
        for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) limbs[index].setAttribute(name, value);
      });
      const [x, y] = joint(HEAD);
      head.setAttribute("cx", x);
      head.setAttribute("cy", y);
    };
    place((id) => body[id]);
    return place;
  }
}

function shape(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

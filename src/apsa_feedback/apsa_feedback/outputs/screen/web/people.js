// Who is who in the picture: the person that is coached, and the one that was tapped.

const MARGIN = 0.1; // of a person's height, about their joints, that belongs to them
const SPINE = 1;

export function coached({ ids, exerciser }) {
  return ids.indexOf(exerciser);
}

// Number of the person at a point of the picture; 0: nobody.
export function personAt({ people, ids }, x, y) {
  let nearest = { id: 0, way: Infinity };
  people.forEach((joints, index) => {
    const { left, right, top, bottom } = edges(joints);
    const margin = MARGIN * (bottom - top);
    const inside = x > left - margin && x < right + margin && y > top - margin && y < bottom + margin;
    const way = Math.hypot(joints[SPINE][0] - x, joints[SPINE][1] - y);
    if (inside && way < nearest.way) nearest = { id: ids[index], way };
  });
  return nearest.id;
}

export function edges(joints) {
  const xs = joints.map(([x]) => x);
  const ys = joints.map(([, y]) => y);
  return {
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
  };
}

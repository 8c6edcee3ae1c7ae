// Bodies that attract each other, moved in small steps: objects with fields that are doubles.
function Body(x, y, z, vx, vy, vz, mass) {
  this.x = x;
  this.y = y;
  this.z = z;
  this.vx = vx;
  this.vy = vy;
  this.vz = vz;
  this.mass = mass;
}

function makeBodies() {
  const bodies = [new Body(0, 0, 0, 0, 0, 0, 40)];
  for (let i = 1; i < 6; i++) {
    const angle = i * 1.1;
    const distance = 4 + i * i * 0.75;
    const speed = Math.sqrt(40 / distance);
    bodies.push(new Body(
      distance * Math.sqrt(1 - (angle % 1) * (angle % 1)), distance * (angle % 1), i * 0.125,
      -speed * (angle % 1), speed * Math.sqrt(1 - (angle % 1) * (angle % 1)), 0.0625 * i, 0.01 * i));
  }
  return bodies;
}

function advance(bodies, step) {
  const count = bodies.length;
  for (let i = 0; i < count; i++) {
    const a = bodies[i];
    for (let j = i + 1; j < count; j++) {
      const b = bodies[j];
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      const square = dx * dx + dy * dy + dz * dz;
      const pull = step / (square * Math.sqrt(square));
      a.vx -= dx * b.mass * pull;
      a.vy -= dy * b.mass * pull;
      a.vz -= dz * b.mass * pull;
      b.vx += dx * a.mass * pull;
      b.vy += dy * a.mass * pull;
      b.vz += dz * a.mass * pull;
    }
  }
  for (let i = 0; i < count; i++) {
    const body = bodies[i];
    body.x += step * body.vx;
    body.y += step * body.vy;
    body.z += step * body.vz;
  }
}

function energy(bodies) {
  let sum = 0;
  for (let i = 0; i < bodies.length; i++) {
    const a = bodies[i];
    sum += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz);
    for (let j = i + 1; j < bodies.length; j++) {
      const b = bodies[j];
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      sum -= a.mass * b.mass / Math.sqrt(dx * dx + dy * dy + dz * dz);
    }
  }
  return sum;
}

function run() {
  const bodies = makeBodies();
  for (let i = 0; i < 400000; i++) advance(bodies, 0.001);
  return energy(bodies);
}

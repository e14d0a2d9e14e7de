import { adam, compile, floatArray } from "auricle";
import { add, gradients, multiply, square, sum } from "auricle/ops";

// Adam on a narrow valley, 0.1·x² + 5·y²: the library's rule in a loop of one's own.
const rate = 0.1;
const optimizer = adam({ learningRate: rate });
const steepness = floatArray([0.1, 5], [2]);
const step = compile(
  (w, m, v, size, scales) => {
    const loss = sum(multiply(scales, square(w)));
    const [gradient] = gradients(loss, [w]);
    const update = optimizer.update(w, gradient, [m, v], [size]);
    return { loss: add(loss, 0), weights: update.weights, m: update.slots[0], v: update.slots[1] };
  },
  [[2], [2], [2], [], [2]],
);
let [w, m, v] = [
  [-1.8, 0.8],
  [0, 0],
  [0, 0],
].map((pair) => floatArray(pair, [2]));
for (let t = 0; t < 100; t++) {
  const out = step(w, m, v, floatArray([...optimizer.scalars(rate, t)], []), steepness);
  [w, m, v] = [out.weights, out.m, out.v].map(({ data }) => floatArray([...data], [2]));
  if (t % 20 === 0) console.log(`step ${t}: loss ${out.loss.data[0].toFixed(4)}, weights ${[...w.data]}`);
}

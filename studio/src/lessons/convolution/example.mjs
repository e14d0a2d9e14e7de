import { compile, floatArray } from "auricle";
import { conv2d } from "auricle/ops";

// A picture of 7 × 7, one channel, and one filter of 3 × 3: an edge to the right.
const picture = floatArray(
  Array.from({ length: 49 }, (_, i) => (i % 7 > 3 ? 1 : 0)),
  [1, 7, 7, 1],
);
const filter = floatArray([-1, 0, 1, -1, 0, 1, -1, 0, 1], [3, 3, 1, 1]);

const convolve = compile(
  (x, w) => conv2d(x, w, { strides: 2, padding: "same" }),
  [
    [1, 7, 7, 1],
    [3, 3, 1, 1],
  ],
);
const output = convolve(picture, filter);
console.log(output.shape, [...output.data]);

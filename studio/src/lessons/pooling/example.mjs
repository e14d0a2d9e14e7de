import { compile, floatArray } from "auricle";
import { gradients, maxPool2d, sum } from "auricle/ops";

// A feature map of 4 × 4, one channel; windows of 2 × 2 that touch.
const map = floatArray([0, 2, 5, 7, 1, 0, 3, 6, 0, 0, 2, 2, 9, 1, 2, 0], [1, 4, 4, 1]);

const pool = compile(
  (x) => {
    const y = maxPool2d(x, { poolSize: 2 });
    return { output: y, wayBack: gradients(sum(y), [x])[0] };
  },
  [[1, 4, 4, 1]],
);
const { output, wayBack } = pool(map);
console.log(output.shape, [...output.data]); // [ 1, 2, 2, 1 ] [ 2, 7, 9, 2 ]
console.log([...wayBack.data]); // 1 where a window's largest value stood, the first of equal ones; 0 elsewhere

import { compile, floatArray } from "auricle";
import { conv1d, maxPool1d, relu } from "auricle/ops";

// A second of noise [N, T, C], and one filter K × C × M: a band at 1,000 Hz, 64 weights long.
const noise = Float32Array.from({ length: 16_000 }, () => 2 * Math.random() - 1);
const band = Float32Array.from(
  { length: 64 },
  (_, k) => (0.5 - 0.5 * Math.cos((2 * Math.PI * k) / 64)) * Math.cos((2 * Math.PI * 1000 * k) / 16_000),
);
const layer = compile(
  (x, w) => maxPool1d(relu(conv1d(x, w, { strides: 4 })), { poolSize: 8 }),
  [
    [1, 16_000, 1],
    [64, 1, 1],
  ],
);
console.log(layer(floatArray(noise, [1, 16_000, 1]), floatArray(band, [64, 1, 1])).shape); // [1, 498, 1]

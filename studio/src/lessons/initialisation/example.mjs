import { conv2d, floatArray, Generator, initializers, sequential } from "auricle";
import { activations } from "auricle/explain";

// Noise goes through five layers of eight filters, 3 × 3: how large is what comes out of each?
const noise = new Generator(1);
const x = floatArray(
  Array.from({ length: 1568 }, () => noise.normal()),
  [1, 14, 14, 8],
);
const names = ["a", "b", "c", "d", "e"];
for (const stddev of [0.01, Math.sqrt(2 / 72), 1]) {
  const kernelInitializer = initializers.randomNormal({ stddev });
  const layer = (/** @type {string} */ name) =>
    conv2d({
      name,
      filters: 8,
      kernelSize: 3,
      activation: "relu",
      kernelInitializer,
      inputShape: [14, 14, 8],
    });
  const outputs = await activations(sequential(names.map(layer), { seed: 3 }), x, names);
  const sizes = names.map((name) => Math.hypot(...outputs[name].data) / Math.sqrt(outputs[name].data.length));
  console.log(`deviation ${stddev.toFixed(3)}:`, ...sizes.map((size) => size.toPrecision(2)));
}

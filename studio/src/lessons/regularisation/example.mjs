import { batchNormalization, dense, dropout, floatArray, Generator, sequential } from "auricle";

// In inference both layers give the same for the same example, whoever else is in the batch.
const model = sequential([
  dense({ units: 16, inputShape: [4] }),
  batchNormalization(),
  dropout({ rate: 0.5 }),
  dense({ units: 1 }),
]);
model.compile({ optimizer: "adam", loss: "meanSquaredError" });
const noise = new Generator(1);
const x = floatArray(
  Array.from({ length: 256 }, () => noise.normal()),
  [64, 4],
);
const y = floatArray(
  Array.from({ length: 64 }, (_, i) => x.data[4 * i] - x.data[4 * i + 1]),
  [64, 1],
);
// fit trains with masks and the batches' statistics; evaluate and predict use neither.
const { loss } = await model.fit(x, y, { epochs: 40, batchSize: 16 });
const inInference = await model.evaluate(x, y);
console.log(
  `training ${loss.at(-1)?.toFixed(3)}, the same examples in inference ${inInference.loss.toFixed(3)}`,
);

import { adam, conv2d, dense, flatten, maxPooling2d, sequential } from "auricle";
import { loadDataset } from "auricle/data";

const model = sequential([
  conv2d({ filters: 8, kernelSize: 3, activation: "relu", inputShape: [28, 28, 1] }),
  maxPooling2d({ poolSize: 2 }),
  flatten(),
  dense({ units: 10 }),
]);
model.compile({ optimizer: adam(), loss: "softmaxCrossEntropy", metrics: ["accuracy"] });
await model.fit(await loadDataset("digits"), { epochs: 3 });
const test = await model.evaluate(await loadDataset("digits", { role: "test" }));
console.log(`accuracy on digits never seen: ${test.accuracy}`);

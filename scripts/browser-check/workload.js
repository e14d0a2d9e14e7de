/** @file Computations done both in Node.js and in a browser: the bits must be the same. */
import { conv2d, dense, dropout, flatten, Model, sequential } from "auricle";
import { lenet5 } from "auricle/models";
import { digitsDataset } from "auricle/data";

/** The target that every engine has. The fused multiply-adds of wasm-relaxed may round otherwise on another machine. */
const TARGET = "wasm";
const BATCH_SIZE = 32;

/** Losses of `steps` steps of training, and a checksum of the bits of all weights after them. */
async function train(model, steps) {
  const losses = [];
  model.compile({ optimizer: "adam", loss: "softmaxCrossEntropy" });
  await model.fit(digitsDataset({ count: steps * BATCH_SIZE }), {
    batchSize: BATCH_SIZE,
    callbacks: { onBatchEnd: (_, { loss }) => void losses.push(loss) },
  });
  return { losses, weights: checksum([...model.getWeights().values()].map(({ data }) => data)) };
}

/** FNV-1a over the bytes of the arrays, as 8 hexadecimal digits. */
function checksum(arrays) {
  let hash = 0x811c9dc5;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** Ten steps of LeNet-5, and ten of a small network with dropout. */
export async function runWorkload(threads) {
  const engine = { target: TARGET, threads };
  const small = sequential(
    [
      conv2d({ filters: 4, kernelSize: 3, strides: 2, activation: "relu", inputShape: [28, 28, 1] }),
      dropout({ rate: 0.3 }),
      flatten(),
      dense({ units: 10 }),
    ],
    engine,
  );
  return {
    threads,
    lenet5: await train(new Model(lenet5(), engine), 10),
    dropout: await train(small, 10),
  };
}

import { compile, conv2d, dense, flatten, floatArray, maxPooling2d, sequential } from "auricle";
import { logSumExp } from "auricle/ops";

// The network of the assignment: 120 frames of 129 frequencies, 10 genres.
const network = sequential([
  conv2d({ filters: 4, kernelSize: 5, padding: "same", activation: "relu", inputShape: [120, 129, 1] }),
  maxPooling2d({ padding: "same" }),
  flatten(),
  dense({ units: 10 }),
]);
console.log(network.summary());

// Its loss before training should be near ln 10 = 2.30. With decibels as they are, logits are large, and it is not.
const decibels = floatArray(new Float32Array(120 * 129).fill(-60), [1, 120, 129, 1]);
const logits = await network.predict(decibels);
const loss = compile((z) => logSumExp(z, -1), [logits.shape])(logits).data[0] - logits.data[3];
console.log(`loss of the untrained network for class 3: ${loss.toFixed(2)}`);

import { conv2d, dense, flatten, globalAveragePooling2d, sequential } from "auricle";
import { softmax, sum, oneHot, subtract, square } from "auricle/ops";

const maps = () =>
  conv2d({ filters: 16, kernelSize: 5, strides: 4, activation: "relu", inputShape: [28, 28, 1] });
const flat = sequential([maps(), flatten(), dense({ units: 10 })]);
const pooled = sequential([maps(), globalAveragePooling2d(), dense({ units: 10 })]);
console.log(flat.summary(), pooled.summary()); // 5,770 and 170 parameters in the dense layers

flat.compile({ optimizer: "adam", loss: "softmaxCrossEntropy" }); // takes logits: no softmax in the network
// A loss of one's own, of int32 labels and logits: the squared error of the probabilities.
pooled.compile({
  optimizer: "adam",
  loss: (labels, z) => sum(square(subtract(softmax(z), oneHot(labels, 10))), -1),
});

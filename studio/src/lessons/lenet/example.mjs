import { Model } from "auricle";
import { digitsDataset } from "auricle/data";
import { lenet5 } from "auricle/models";

// As it was published: lenet5Of1998() and the loss "radialBasis".
const model = new Model(lenet5({ seed: 1 }));
model.compile({ optimizer: "adam", loss: "softmaxCrossEntropy", metrics: ["accuracy"] });

await model.fit(digitsDataset({ count: 320 }), { epochs: 1 });
const { accuracy } = await model.evaluate(digitsDataset({ role: "test", count: 100 }));
console.log(accuracy); // more digits and more epochs lead beyond 0.97

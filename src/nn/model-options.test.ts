import { describe, expect, it } from "vitest";
import { AuricleError } from "../errors.ts";
import { earlyStopping, type Callback } from "./callbacks/index.ts";
import { dense, flatten } from "./layers/index.ts";
import { Model, model, sequential } from "./model.ts";
import { input } from "./symbolic.ts";
import { line, linearModel } from "./testing/small-models.ts";

/** A value as a program without types gives it. */
function untyped(value: unknown): never {
  return value as never;
}

const { x, y } = line(8);

function compiled(): Model {
  const one = linearModel();
  one.compile({ optimizer: "sgd", loss: "mse" });
  return one;
}

describe("options that a model does not have", () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      "fit",
      () => compiled().fit(x, y, untyped({ batch_size: 2 })),
      /got "batch_size"; did you mean "batchSize"\?/,
    ],
    ["fit", () => compiled().fit(x, y, untyped(5)), /as fit\(x, y, \{ epochs: 5 \}\); got 5/],
    [
      "evaluate",
      () => compiled().evaluate(x, y, untyped({ verbose: 0 })),
      /evaluate: options are batchSize, .*; got "verbose"/,
    ],
    [
      "predict",
      () => compiled().predict(x, untyped({ batchsize: 2 })),
      /predict: .*did you mean "batchSize"\?/,
    ],
    ["predict", () => compiled().predict(x, untyped(16)), /as predict\(x, \{ batchSize: 16 \}\)/],
    [
      "compile",
      async () => compiled().compile(untyped({ optimiser: "sgd", loss: "mse" })),
      /did you mean "optimizer"\?/,
    ],
    ["compile", async () => compiled().compile(untyped(undefined)), /compile: options must be an object/],
    [
      "compile",
      async () => compiled().compile(untyped({ optimizer: "sgd" })),
      /loss must be given for at least one of the outputs/,
    ],
    [
      "sequential",
      async () => sequential([dense({ units: 1, inputShape: [2] })], untyped({ thread: 1 })),
      /did you mean "threads"\?/,
    ],
    [
      "summary",
      async () => compiled().summary(untyped({ wide: 80 })),
      /summary: options are width, units; got "wide"/,
    ],
    [
      "Model",
      async () => new Model(linearModel().network, untyped({ device: "gpu" })),
      /Model: options are target, .*; got "device"/,
    ],
  ])("%s refuses them: %s", async (_, call, message) => {
    const failure = await Promise.resolve()
      .then(call)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AuricleError);
    expect(String(failure)).toMatch(message);
  });

  it("come behind a data set's options", async () => {
    const dataset = untyped({ read: () => undefined });
    await expect(compiled().fit(dataset, untyped({}), { epochs: 1 })).rejects.toThrow(
      /a data set has its targets/,
    );
    await expect(compiled().fit(untyped(undefined), untyped(y))).rejects.toThrow(
      /fit: needs arrays, .*; got nothing/,
    );
  });
});

describe("callbacks that would never be called", () => {
  it.each<[Callback, RegExp]>([
    [
      untyped({ onEpochEnds: () => undefined }),
      /callbacks\[0\]: options are .*; did you mean "onEpochEnd"\?/,
    ],
    [untyped(earlyStopping), /callbacks\[0\] must be an object .*; got the function earlyStopping; call it/],
    [untyped("earlyStopping"), /callbacks\[0\] must be an object/],
  ])("are refused", async (callbacks, message) => {
    await expect(compiled().fit(x, y, { callbacks })).rejects.toThrow(message);
  });
});

describe("what a model is made of", () => {
  const layer = dense({ units: 1, inputShape: [2] });
  const image = input({ shape: [2] });
  it.each<[string, () => unknown, RegExp]>([
    ["nothing", () => sequential(untyped(undefined)), /sequential: layers must be a list, .*; got undefined/],
    [
      "layers one by one",
      () => sequential(untyped(layer)),
      /sequential: layers must be a list, .*; got object/,
    ],
    ["an empty list", () => sequential([]), /the first layer must have inputShape/],
    [
      "a function",
      () => sequential([layer, untyped(flatten)]),
      /layers\[1\] must be a layer or a model; got the function flatten; call it/,
    ],
    [
      "a name",
      () => sequential([layer, untyped("relu")]),
      /layers\[1\] must be a layer or a model; got "relu"/,
    ],
    ["no graph", () => model(untyped(undefined)), /model: options must be an object/],
    [
      "no inputs",
      () => model(untyped({ outputs: image })),
      /inputs must be what input\(\) and apply\(\) give/,
    ],
    [
      "a layer",
      () => model({ inputs: image, outputs: untyped([layer, layer]) }),
      /outputs must be what input\(\) and apply\(\) give/,
    ],
    ["tensors one by one", () => model(untyped(image)), /model: options are inputs, outputs; got "shape"/],
    [
      "no list of lengths",
      () => input(untyped({ shape: 2 })),
      /input: the shape of one example must be a list/,
    ],
    ["a bare shape", () => input(untyped([28, 28])), /as input\(\{ shape: \[28,28\] \}\)/],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(AuricleError);
    expect(make).toThrow(message);
  });
});

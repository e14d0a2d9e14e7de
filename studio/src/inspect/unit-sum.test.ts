import { describe, expect, it } from "vitest";
import { conv1d, conv2d, dense, floatArray, Generator, sequential, type Layer } from "auricle";
import type { LayerFacts } from "auricle/session";
import { canOpen, seesWaveform, unitSum } from "./unit-sum.ts";

function random(shape: readonly number[], generator: Generator) {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => generator.normal());
  return floatArray(data, shape);
}

/** Facts as the session tells them, of a network's only layer. */
function factsOf(layer: Layer): LayerFacts {
  const { className, config } = layer;
  return { className, config } as LayerFacts;
}

const CASES: readonly (readonly [string, readonly number[], () => Layer])[] = [];
const cases = CASES.concat(
  (["valid", "same"] as const).flatMap((padding) =>
    [1, 2, 3].flatMap((strides) => [
      [
        `conv2d ${padding} ${strides}`,
        [7, 6, 3],
        () => conv2d({ filters: 4, kernelSize: [3, 2], strides, padding, inputShape: [7, 6, 3] }),
      ] as const,
      [
        `conv1d ${padding} ${strides}`,
        [9, 2],
        () => conv1d({ filters: 3, kernelSize: 4, strides, padding, inputShape: [9, 2] }),
      ] as const,
    ]),
  ),
  [
    [
      "conv2d dilated",
      [9, 8, 2],
      () => conv2d({ filters: 2, kernelSize: 3, dilationRate: 2, padding: "same", inputShape: [9, 8, 2] }),
    ],
    [
      "conv1d causal",
      [6, 2],
      () => conv1d({ filters: 2, kernelSize: 3, dilationRate: 2, padding: "causal", inputShape: [6, 2] }),
    ],
    ["dense", [11], () => dense({ units: 5, inputShape: [11] })],
    ["dense on positions", [3, 4], () => dense({ units: 2, inputShape: [3, 4] })],
  ],
);

describe("unitSum", () => {
  it.each(cases)("adds up to what the engine computes, for every unit: %s", async (_, inputShape, make) => {
    const generator = new Generator(3);
    const layer = make();
    const model = sequential([layer], { seed: 1, threads: 1 });
    const weights = model.getWeights();
    for (const [path, { shape }] of weights)
      model.setWeights({ ...Object.fromEntries(model.getWeights()), [path]: random(shape, generator) });
    const x = random([1, ...inputShape], generator);
    const y = await model.predict(x);
    const outputShape = y.shape.slice(1);
    const entries = [...model.getWeights()];
    const named = (name: string) => entries.find(([path]) => path.endsWith(`/${name}`))?.[1];
    const kernel = named("kernel");
    if (!kernel) throw new Error("no kernel");
    expect(canOpen(factsOf(layer))).toBe(true);
    for (let at = 0; at < y.data.length; at++) {
      let rest = Math.floor(at / outputShape[outputShape.length - 1]);
      const position = outputShape.slice(0, -1).map(() => 0);
      for (let axis = position.length - 1; axis >= 0; axis--) {
        position[axis] = rest % outputShape[axis];
        rest = Math.floor(rest / outputShape[axis]);
      }
      const unit = { position, channel: at % outputShape[outputShape.length - 1] };
      const { total } = unitSum(
        factsOf(layer),
        { shape: inputShape, data: x.data },
        kernel,
        named("bias"),
        unit,
      );
      expect(total).toBeCloseTo(y.data[at], 4);
    }
  });
});

describe("seesWaveform", () => {
  const waves = { frontEnd: { kind: "waveform", sampleRate: 8000 } } as const;
  const layer = (size: number, dilationRate: unknown = 1) => ({
    className: "Conv1D",
    config: { dilationRate },
    field: [{ size, step: 1, start: 0, unit: "ms" }],
  });

  it.each([
    ["a first layer", waves, layer(10), [80, 1, 4], true],
    ["a dilated one", waves, layer((1000 * 159) / 8000, [2]), [80, 1, 4], true],
    ["a second layer", waves, layer(20), [80, 1, 4], false],
    ["one of several channels", waves, layer(10), [80, 2, 4], false],
    ["one behind a spectrogram", {}, layer(10), [80, 1, 4], false],
  ] as const)("%s", (_name, facts, of, kernel, expected) => {
    expect(seesWaveform(facts, of, kernel)).toBe(expected);
  });
});

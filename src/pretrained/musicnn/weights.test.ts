import { expect, it } from "vitest";
import { z } from "zod";
import { AUDIO_MODELS } from "../../models/audio-models.ts";
import { Model } from "../../nn/index.ts";
import { mix32 } from "../../random/generator.ts";
import { floatArray, type FloatArray } from "../../tensor/array.ts";
import { sizeOf, type Shape } from "../../tensor/shape.ts";
import { fixtureCases } from "../../testing/fixtures.ts";
import { musicnnVgg } from "./vgg.ts";
import { setMusicnnWeights, setVggWeights } from "./weights.ts";

/** tools/oracle/README.md: the formula of numbers that are not stored. */
function formula(offset: number, shape: Shape, limit: number): FloatArray {
  const value = (_: unknown, i: number) => (2 * (mix32(offset + i) / 2 ** 32) - 1) * limit;
  return floatArray(Float32Array.from({ length: sizeOf(shape) }, value), shape);
}

/** The values that the script gives to a variable. */
function valueOf(name: string, shape: Shape, offset: number): FloatArray {
  const kind = name.split("/").at(-1) ?? "";
  if (kind === "kernel") {
    const [inputs, outputs] = shape.slice(-2);
    const window = sizeOf(shape.slice(0, -2));
    return formula(offset, shape, Math.sqrt(6 / (window * inputs + window * outputs)));
  }
  const numbers = formula(offset, shape, 0.25);
  const isNearOne = kind === "gamma" || kind === "moving_variance";
  return isNearOne
    ? floatArray(
        numbers.data.map((value) => value + 1),
        shape,
      )
    : numbers;
}

const params = z.object({ variables: z.record(z.string(), z.array(z.int())) });
const NETWORKS = {
  MTT_musicnn: { network: AUDIO_MODELS.musicnn.build({ classes: 50 }), setWeights: setMusicnnWeights },
  MTT_vgg: { network: musicnnVgg(50), setWeights: setVggWeights },
};

it.each(["MTT_musicnn", "MTT_vgg"] as const)("%s gives TensorFlow's logits within 2e-5", async (name) => {
  const [golden] = fixtureCases("pretrained", "musicnn").filter((one) => one.name === name);
  const { variables: shapes } = params.parse(golden.params);
  const variables = new Map<string, FloatArray>();
  let offset = 0;
  for (const [variable, shape] of Object.entries(shapes)) {
    variables.set(variable, valueOf(variable, shape, offset));
    offset += sizeOf(shape);
  }
  const { network, setWeights } = NETWORKS[name];
  const read = new Set<string>();
  setWeights(network, (variable) => {
    read.add(variable);
    return variables.get(variable) ?? expect.fail(`no variable ${variable}`);
  });
  expect([...read].sort()).toEqual(Object.keys(shapes).sort());
  const features = formula(9_000_000, [2, 187, 96, 1], 4);
  const input = floatArray(features.data.map(Math.abs), features.shape);
  const { shape, data } = await new Model(network, { threads: 1 }).predict(input);
  expect(shape).toEqual([2, 50]);
  const worst = Math.max(...data.map((value, i) => Math.abs(value - golden.output.data[i])));
  // The logits are between -2 and 2.
  expect(worst).toBeLessThan(2e-5);
});

it("refuses a variable of another size, naming the weight", () => {
  const { network, setWeights } = NETWORKS.MTT_vgg;
  expect(() => setWeights(network, () => floatArray([1, 2, 3], [3]))).toThrow(
    "batch_normalization_1/gamma: the stored variable must have as many numbers as [1]; got [3]",
  );
});

/**
 * @file No unit of a kernel call writes what another unit of the call reads or writes, and every word that is read was written for
 * that: for a training step, an evaluation and an update of every model, on some target's traits.
 *
 * `AURICLE_FUZZ` above 10 takes every target, the models' own input shapes, more batch sizes and all algorithms, for an hour or so.
 */
import { expect, it, vi } from "vitest";
import type { Graph } from "../graph/graph.ts";
import { Slab } from "../graph/slab.ts";
import { adam } from "../nn/optimizers/index.ts";
import { updateRanges } from "../nn/optimizers/ranges.ts";
import { UpdateProgram } from "../nn/optimizers/update-program.ts";
import { StepPrograms } from "../nn/training/step-programs.ts";
import { trainedOutputs } from "../nn/training/trained-outputs.ts";
import { ALL_TARGETS, checkUnitsOnTargets } from "../ops/testing/unit-targets.ts";
import type { KernelTarget } from "../runtime/target.ts";
import type { Shape } from "../tensor/shape.ts";
import { FUZZ_TIMES } from "../testing/fuzz.ts";
import { MODEL_NAMES, modelNamed, type ModelName } from "./index.ts";

/** The graphs that have been passed to `compileGraph`. */
const graphs = vi.hoisted((): Graph[] => []);
vi.mock("../graph/compile.ts", async (original) => ({
  ...(await original<object>()),
  compileGraph: (graph: Graph) => {
    graphs.push(graph);
    return {};
  },
}));

const IS_LONG = FUZZ_TIMES > 10;

/** Smaller inputs than the models' own leave their structure as it is and take a tenth of the time. */
const SMALL_INPUTS: Partial<Record<ModelName, Shape>> = {
  vgg4: [32, 32, 1],
  wave1d: [1600, 1],
  "mel-cnn": [33, 32, 1],
  "mel-resnet": [33, 32, 1],
  "short-chunk": [128, 128, 1],
  "short-chunk-32": [128, 128, 1],
  musicnn: [10, 40, 1],
  notebook: [64, 64, 1],
  m3: [2000, 1],
  m5: [2000, 1],
  m11: [1500, 1],
  m18: [1500, 1],
  "sample-cnn": [2187, 1],
};
/** Models whose weights alone take long; of each target there are others. */
const WIDE: Partial<Record<ModelName, KernelTarget>> = {
  "short-chunk": "avx2",
  m18: "wasm",
  m11: "wasm-relaxed",
  "sample-cnn": "avx512",
};
/** Lists what the other models take in turn. */
const PAIRS: readonly (readonly KernelTarget[])[] = [
  ["wasm", "avx512"],
  ["wasm-relaxed", "avx2"],
];

function targetsOf(name: ModelName, number: number): readonly KernelTarget[] {
  if (IS_LONG || isSmall(name)) return ALL_TARGETS;
  const only = WIDE[name];
  return only ? [only] : PAIRS[number % PAIRS.length];
}

/** Traces all programs that a training takes. */
function graphsOf(name: ModelName, batchSize: number): readonly Graph[] {
  graphs.length = 0;
  const inputShape = IS_LONG ? undefined : SMALL_INPUTS[name];
  const network = modelNamed(name, inputShape && { inputShape });
  const programs = new StepPrograms(network, trainedOutputs(network, { loss: "softmaxCrossEntropy" }), {});
  const spec = { batchSize, targets: [{ shape: [], dtype: "int32" as const }], weighted: [false] as const };
  programs.train(spec);
  programs.evaluate(spec);
  const { length } = network.parameters;
  const optimizer = adam();
  const slots = optimizer.slots.map((slot) => new Slab(slot, new Float32Array(length)));
  const slabs = { weights: network.parameters, gradients: programs.gradients, slots };
  new UpdateProgram(optimizer, slabs, updateRanges(programs.trainedWeights(), length), {});
  return [...graphs];
}

const isSmall = (name: ModelName) => name === "lenet5" || name === "lenet5-1998";

for (const [number, name] of MODEL_NAMES.entries()) {
  const sizes = isSmall(name) ? [1, 3, 64] : IS_LONG ? [1, 5] : [name in WIDE ? 1 : 2];
  const targets = targetsOf(name, number);
  it.each(sizes)(
    `units of ${name} are independent on ${targets.join(", ")} with a batch of %i`,
    (batchSize) => {
      const all = graphsOf(name, batchSize);
      // Training, evaluation, the gradients' norm and the update.
      expect(all).toHaveLength(4);
      for (const graph of all) checkUnitsOnTargets(graph, { targets, algorithms: IS_LONG ? "all" : "fixed" });
    },
    1_800_000,
  );
}

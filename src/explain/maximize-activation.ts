/** @file Activation maximisation: an input that excites a unit or a class. Browser-safe. */
import { AuricleError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { InferenceNetwork } from "../nn/inference-network.ts";
import { copyRows } from "../nn/training/example-source.ts";
import { multiply } from "../ops/arithmetic.ts";
import { gradients } from "../ops/gradients.ts";
import { mean } from "../ops/reduce.ts";
import { reshape } from "../ops/reshape.ts";
import { sum } from "../ops/sum.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { deriveKey, Generator } from "../random/generator.ts";
import type { FloatArray } from "../tensor/array.ts";
import { formatShape, sizeOf, type Shape } from "../tensor/shape.ts";
import { AscentByAdam } from "./ascent.ts";
import { Coordinates, type CoordinateOptions } from "./coordinates.ts";
import { exampleOf, givenInputs } from "./inputs.ts";
import { nodeNamed } from "./layer-choice.ts";
import { BATCH_OPTIONS, runFunction, type BatchOptions, type ExplainedModel } from "./programs.ts";
import { rolled } from "./rolled.ts";
import { logitsOf } from "../nn/layers/logits.ts";
import { shownValue } from "../shown-value.ts";

/** With `center` and `scale`, noise, updates and penalties are of z in x = center + scale·z. */
export interface MaximizeActivationOptions extends BatchOptions, CoordinateOptions {
  /** The layer, by its name as `activations` takes it. Default: the output, before a last softmax or sigmoid. */
  readonly layer?: string;
  /** The unit, class or channel along the layer's last axis, counted from 0; several give an input for each. */
  readonly unit: number | readonly number[];
  /** The inputs to begin with, one for each unit. Default: noise of deviation 0.1 in z. */
  readonly start?: FloatArray;
  /** Updates. Default 128. */
  readonly steps?: number;
  /** The size of an update of each element, by Adam's rule. Default 0.05. */
  readonly learningRate?: number;
  /** The weight of the penalty on the mean square of all elements. Default 0.01. */
  readonly l2?: number;
  /** The weight of the penalty on the mean square of differences between neighbours. Default 0.1. */
  readonly smoothness?: number;
  /** The greatest shift of the input before each update, in positions along each axis, ends joined. Default 0. */
  readonly jitter?: number;
  /** The seed of noise and shifts. Default 0. */
  readonly seed?: number;
  /** Called before each update. */
  readonly onStep?: (step: AscentStep) => void;
}

/** Where an ascent is. */
export interface AscentStep {
  /** Updates so far, and all that there will be. */
  readonly step: number;
  readonly steps: number;
  /** The activation of each unit by its input. */
  readonly activations: readonly number[];
  /** `[units, …]`: a copy of the inputs. */
  readonly values: FloatArray;
}

const OPTIONS: OptionNames<MaximizeActivationOptions> = {
  layer: true,
  unit: true,
  start: true,
  steps: true,
  learningRate: true,
  l2: true,
  smoothness: true,
  jitter: true,
  range: true,
  center: true,
  scale: true,
  seed: true,
  onStep: true,
  ...BATCH_OPTIONS,
};

export interface MaximizedActivation {
  /** `[units, …]`: an input for each unit. */
  readonly values: FloatArray;
  /** The activation of each unit by its input: the mean over positions, without penalties. */
  readonly activations: readonly number[];
  /** The same before each update: for each unit as many as steps. */
  readonly history: readonly (readonly number[])[];
}

/**
 * Climbs from noise, or from given inputs, to inputs that a unit answers strongly to (Erhan et al. 2009, "Visualizing higher-layer
 * features of a deep network"), for models with one input. With the penalties it maximises
 * activation - l2·mean(z²) - smoothness·mean(differences²), z being x unless `center` or `scale` is given.
 *
 * @throws AuricleError "argument" for a layer or unit that there is not, options that make no sense, or a model with several
 *   inputs; "shape" for a start that does not fit
 */
export async function maximizeActivation(
  model: ExplainedModel,
  options: MaximizeActivationOptions,
): Promise<MaximizedActivation> {
  checkOptions("maximizeActivation", options, OPTIONS, "model, ");
  const { network } = model;
  const settings = checkSettings(network, options);
  const target = targetOf(network, options.layer);
  const units = checkUnits(network, options.unit, target.shape);
  const [shape] = network.inputShapes;
  const coordinates = new Coordinates(shape, options);
  const z = startOf(network, units.length, coordinates, options);
  const inputs = (): FloatArray => ({ shape: [units.length, ...shape], data: coordinates.inputs(z) });
  const ascent = new AscentByAdam(shape, units.length, settings);
  const history = units.map(() => new Array<number>());
  const generator = new Generator(deriveKey(options.seed ?? 0, "jitter"));
  for (let step = 0; step < settings.steps; step++) {
    const shifts = shape.slice(0, -1).map(() => generator.integer(2 * settings.jitter + 1) - settings.jitter);
    const values = inputs();
    const moved = { shape: values.shape, data: rolled(values, shifts) };
    const found = await climb(model, target, units, moved, options);
    found.activations.forEach((value, i) => history[i].push(value));
    options.onStep?.({ step, steps: settings.steps, activations: found.activations, values });
    const back = shifts.map((shift) => -shift);
    const gradients = rolled({ shape: values.shape, data: found.gradients }, back);
    ascent.update(z, coordinates.gradients(gradients));
    coordinates.hold(z);
  }
  const values = inputs();
  const { activations } = await climb(model, target, units, values, options);
  return { values, activations, history };
}

interface Target {
  readonly key: string;
  readonly shape: Shape;
  trace(inputs: readonly Tensor[]): Tensor;
}

function targetOf(network: InferenceNetwork, layer: string | undefined): Target {
  if (layer === undefined) {
    const { shape } = network.output;
    return {
      key: "output",
      shape,
      trace(inputs) {
        const output = network.apply(inputs, { training: false });
        return logitsOf(output) ?? output;
      },
    };
  }
  const node = nodeNamed(network, layer);
  return {
    key: String(node),
    shape: network.nodes[node].outputShape,
    trace: (inputs) => network.trace(inputs, { training: false })[node].output,
  };
}

/** The activations of units by their inputs, and the gradients. */
async function climb(
  model: ExplainedModel,
  target: Target,
  units: readonly number[],
  values: FloatArray,
  options: BatchOptions,
): Promise<{ readonly activations: number[]; readonly gradients: Float32Array }> {
  const width = target.shape[target.shape.length - 1];
  const size = values.data.length / units.length;
  const activations: number[] = [];
  const found = new Float32Array(values.data.length);
  await runFunction(
    model,
    {
      name: `unit ${target.key}`,
      further: [[width]],
      trace(inputs, [chosen]) {
        const output = target.trace(inputs);
        const means = mean(reshape(output, [output.shape[0], -1, width]), [1]);
        const own = sum(multiply(means, chosen), [1]);
        return [own, ...gradients(sum(own), inputs)];
      },
    },
    {
      length: units.length,
      read(rows, input) {
        copyRows(values, rows, input(0));
        const chosen = input(1).fill(0);
        rows.forEach((row, i) => (chosen[i * width + units[row]] = 1));
      },
      take(rows, output) {
        activations.push(...output(0).subarray(0, rows.length));
        found.set(output(1).subarray(0, rows.length * size), rows[0] * size);
      },
    },
    options,
  );
  return { activations, gradients: found };
}

function checkUnits(
  network: InferenceNetwork,
  unit: number | readonly number[],
  shape: Shape,
): readonly number[] {
  const units = typeof unit === "number" ? [unit] : unit;
  const width = shape[shape.length - 1];
  const isUnit = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < width;
  if (Array.isArray(units) && units.length > 0 && units.every(isUnit)) return units;
  throw new AuricleError(
    "argument",
    `${network.name}: unit must be a whole number in 0 … ${width - 1}, or a list of them; got ${shownValue(unit)}`,
  );
}

/** The z to begin with. */
function startOf(
  network: InferenceNetwork,
  count: number,
  coordinates: Coordinates,
  { start, seed = 0 }: MaximizeActivationOptions,
): Float32Array {
  const shape = [count, ...network.inputShapes[0]];
  if (start) {
    const { arrays, length } = givenInputs(network, start);
    if (length === count) return coordinates.of(Float32Array.from(arrays[0].data));
    throw new AuricleError(
      "shape",
      `maximizeActivation: start must have one input for each of the ${count} units, ${formatShape(shape)}; got ${formatShape(start.shape)}`,
    );
  }
  const noise: FloatArray = { shape, data: new Float32Array(sizeOf(shape)) };
  for (let i = 0; i < count; i++) {
    const generator = new Generator(deriveKey(seed, "start", i));
    const values = exampleOf(noise, i);
    for (let at = 0; at < values.length; at++) values[at] = 0.1 * generator.normal();
  }
  return noise.data;
}

function checkSettings(network: InferenceNetwork, options: MaximizeActivationOptions) {
  if (network.inputs.length !== 1) {
    const names = network.inputNames.join(", ");
    throw new AuricleError("argument", `maximizeActivation: the model must have one input; it has ${names}`);
  }
  const { steps = 128, learningRate = 0.05, l2 = 0.01, smoothness = 0.1, jitter = 0, range } = options;
  const rules: readonly (readonly [string, unknown, boolean, string])[] = [
    ["steps", steps, Number.isInteger(steps) && steps >= 0, "a whole number from 0"],
    ["learningRate", learningRate, learningRate > 0 && learningRate < Infinity, "above 0"],
    ["l2", l2, l2 >= 0 && l2 < Infinity, "0 or more"],
    ["smoothness", smoothness, smoothness >= 0 && smoothness < Infinity, "0 or more"],
    ["jitter", jitter, Number.isInteger(jitter) && jitter >= 0, "a whole number from 0"],
    ["range", range, range === undefined || range[0] < range[1], "[least, greatest]"],
  ];
  const wrong = rules.find(([, , isRight]) => !isRight);
  if (!wrong) return { steps, learningRate, l2, smoothness, jitter };
  const [name, value, , rule] = wrong;
  throw new AuricleError("argument", `maximizeActivation: ${name} must be ${rule}; got ${shownValue(value)}`);
}

/** @file A training's state as JSON and named tensors, and back. */
import { AuricleError } from "../../errors.ts";
import type { FloatArray, NumericArray } from "../../tensor/array.ts";
import { formatShape, sameShape, sizeOf } from "../../tensor/shape.ts";
import type { Weights } from "../callbacks/index.ts";
import { isMonitoringSchedule } from "../schedules/index.ts";
import { isLossName, type LossConfig } from "../losses/index.ts";
import type { Network } from "../network.ts";
import { perOutput, type GivenPerOutput } from "../per-output.ts";
import { isMetricName, type MetricName } from "../training/model-metrics.ts";
import type { LossOption, OutputOptions } from "../training/trained-outputs.ts";
import type { Trainer } from "../training/trainer.ts";
import type { LoadOptions } from "./load-options.ts";
import type { StoredTraining } from "./training-schema.ts";

type Tensors = ReadonlyMap<string, NumericArray>;

const slotName = (slot: string, path: string) => `optimizer/${slot}/${path}`;
const callbackName = (index: number, path: string) => `callback/${index}/${path}`;

export function describeTraining(trainer: Trainer): StoredTraining {
  const { optimizer } = trainer;
  const { schedule } = optimizer;
  return {
    optimizer: { name: optimizer.name, config: optimizer.config },
    ...describeOutputs(trainer),
    step: trainer.step,
    epoch: trainer.epoch,
    learningRateOverride: trainer.learningRateOverride ?? null,
    plateau: isMonitoringSchedule(schedule) ? schedule.state() : null,
    history: trainer.history,
    callbacks: trainer.callbackStates.map(({ name, state }) => ({
      name,
      values: state.values,
      hasWeights: state.weights !== undefined,
    })),
  };
}

function describeOutputs({
  network,
  outputs,
}: Trainer): Pick<StoredTraining, "loss" | "metrics" | "outputs"> {
  const stored = outputs.map(({ name, loss, lossWeight, metrics }) => ({
    name,
    loss: loss.config ?? null,
    lossWeight,
    metrics: metrics.filter((metric) => typeof metric === "string"),
  }));
  const [{ loss, lossWeight, metrics }] = stored;
  if (network.outputForm === "one" && lossWeight === 1) return { loss, metrics };
  return { loss: null, metrics: [], outputs: stored };
}

/** The optimizer's slots by weight, and the weights that callbacks keep. */
export function trainingTensors(trainer: Trainer): Map<string, FloatArray> {
  const tensors = new Map<string, FloatArray>();
  const { network, optimizer } = trainer;
  for (const { path, shape, offset } of network.weights.filter((entry) => entry.trainable)) {
    trainer.slots.forEach((slot, i) => {
      const data = slot.view().slice(offset, offset + sizeOf(shape));
      tensors.set(slotName(optimizer.slots[i], path), { shape, data });
    });
  }
  trainer.callbackStates.forEach(({ state }, i) => {
    for (const [path, array] of state.weights ?? []) tensors.set(callbackName(i, path), array);
  });
  return tensors;
}

/**
 * Returns the arguments of `compile` to train as before, in the form of the model's outputs.
 * @param given losses that are functions of the user's, and metrics in place of the stored ones
 * @returns undefined where a loss function is missing
 * @throws AuricleError "argument" for a name that no loss or metric has
 */
export function storedOutputs(
  network: Network,
  stored: StoredTraining,
  given: Pick<LoadOptions, "loss" | "metrics">,
): OutputOptions | undefined {
  const outputs = stored.outputs ?? [
    { name: network.outputs[0].name, loss: stored.loss, lossWeight: 1, metrics: stored.metrics },
  ];
  const inForm = <T>(valueOf: (output: (typeof outputs)[number]) => T): GivenPerOutput<T> =>
    network.outputForm === "one"
      ? valueOf(outputs[0])
      : Object.fromEntries(outputs.map((output) => [output.name, valueOf(output)]));
  const functions = given.loss === undefined ? [] : perOutput(network, "loss", given.loss);
  const names = network.outputs.map(({ name }) => name);
  const lossOf = ({ name, loss }: (typeof outputs)[number]) =>
    functions[names.indexOf(name)] ?? (loss ? lossConfigOf(loss) : undefined);
  if (outputs.some((output) => lossOf(output) === undefined)) return undefined;
  return {
    loss: inForm((output) => lossOf(output) as LossOption),
    lossWeights: inForm(({ lossWeight }) => lossWeight),
    metrics: given.metrics ?? inForm(({ metrics }) => metrics.map(storedMetric)),
  };
}

function lossConfigOf({ name, ...parameters }: NonNullable<StoredTraining["loss"]>): LossConfig {
  if (isLossName(name)) return { name, ...parameters };
  throw new AuricleError("argument", `loss: no loss has the name "${name}"`);
}

function storedMetric(name: string): MetricName {
  if (isMetricName(name)) return name;
  throw new AuricleError("argument", `metric: no metric has the name "${name}"`);
}

/**
 * Puts a stored training into a model that was compiled alike.
 * @throws AuricleError "shape" or "argument" naming the part that is missing or does not fit.
 */
export function restoreTraining(trainer: Trainer, stored: StoredTraining, tensors: Tensors): void {
  const { network, optimizer } = trainer;
  const { schedule } = optimizer;
  for (const { path, shape, offset } of network.weights.filter((entry) => entry.trainable)) {
    trainer.slots.forEach((slot, i) => {
      slot.edit().set(tensorNamed(tensors, slotName(optimizer.slots[i], path), shape).data, offset);
    });
  }
  trainer.step = stored.step;
  trainer.epoch = stored.epoch;
  trainer.learningRateOverride = stored.learningRateOverride ?? undefined;
  if (isMonitoringSchedule(schedule) && stored.plateau) schedule.restore(stored.plateau);
  trainer.history = Object.fromEntries(
    Object.entries(stored.history).map(([name, column]) => [name, column.map((value) => value ?? NaN)]),
  );
  trainer.callbackStates = stored.callbacks.map(({ name, values, hasWeights }, i) => {
    const keptWeights = (): Weights =>
      new Map(
        network.weights.map(({ path, shape }) => [path, tensorNamed(tensors, callbackName(i, path), shape)]),
      );
    return { name, state: { values, ...(hasWeights && { weights: keptWeights() }) } };
  });
}

function tensorNamed(tensors: Tensors, name: string, shape: readonly number[]): FloatArray {
  const found = tensors.get(name);
  if (!found) throw new AuricleError("argument", `tensor "${name}" ${formatShape(shape)} is missing`);
  const { data } = found;
  if (!sameShape(found.shape, shape) || data instanceof Int32Array) {
    throw new AuricleError(
      "shape",
      `tensor "${name}" must be float32 ${formatShape(shape)}; got ${formatShape(found.shape)}`,
    );
  }
  return { shape, data };
}

/** @file A training's state as JSON and named tensors, and back. */
import { AuricleError } from "../../errors.ts";
import type { FloatArray, NumericArray } from "../../tensor/array.ts";
import { formatShape, sameShape, sizeOf } from "../../tensor/shape.ts";
import type { Weights } from "../callbacks/index.ts";
import { isMonitoringSchedule } from "../schedules/index.ts";
import { isMetricName } from "../training/model-metrics.ts";
import type { Trainer } from "../training/trainer.ts";
import type { StoredTraining } from "./schema.ts";

type Tensors = ReadonlyMap<string, NumericArray>;

const slotName = (slot: string, path: string) => `optimizer/${slot}/${path}`;
const callbackName = (index: number, path: string) => `callback/${index}/${path}`;

export function describeTraining(trainer: Trainer): StoredTraining {
  const { optimizer, loss, metrics } = trainer;
  const { schedule } = optimizer;
  return {
    optimizer: { name: optimizer.name, config: optimizer.config },
    loss: loss.config ?? null,
    metrics: metrics.filter((metric) => typeof metric === "string"),
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

/** Metrics of a stored training, by name. @throws AuricleError "argument" for an unknown name. */
export function storedMetrics({ metrics }: StoredTraining) {
  return metrics.map((name) => {
    if (isMetricName(name)) return name;
    throw new AuricleError("argument", `metric: no metric has the name "${name}"`);
  });
}

/**
 * Puts a stored training into a model that was compiled alike.
 * @throws AuricleError "shape" or "argument" naming what is missing or does not fit.
 */
export function restoreTraining(trainer: Trainer, stored: StoredTraining, tensors: Tensors): void {
  const { network, optimizer } = trainer;
  const { schedule } = optimizer;
  for (const { path, shape, offset } of network.weights.filter((entry) => entry.trainable)) {
    trainer.slots.forEach((slot, i) => {
      slot.view().set(tensorNamed(tensors, slotName(optimizer.slots[i], path), shape).data, offset);
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

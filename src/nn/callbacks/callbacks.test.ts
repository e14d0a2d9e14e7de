import { describe, expect, it } from "vitest";
import { floatArray } from "../../tensor/array.ts";
import { sgd } from "../optimizers/index.ts";
import { line, linearModel, smallClassifier, stripes } from "../testing/small-models.ts";
import {
  earlyStopping,
  keepBestWeights,
  learningRateScheduler,
  reduceLROnPlateau,
  type Callback,
  type EpochLogs,
  type TrainingControl,
  type Weights,
} from "./index.ts";

/** A training whose weights are a single number, the epoch's, to watch a callback alone. */
function play(callback: Callback, logs: readonly EpochLogs[]) {
  const weightsOf = (value: number): Weights => new Map([["w", floatArray([value], [1])]]);
  let current = weightsOf(-1);
  let stopped = false;
  const rates: number[] = [];
  const training: TrainingControl = {
    epochs: logs.length,
    batchesPerEpoch: 1,
    learningRate: 1,
    getWeights: () => current,
    setWeights: (weights) => (current = weights),
    stop: () => (stopped = true),
  };
  let epochs = 0;
  void callback.onTrainBegin?.(training);
  for (const [epoch, figures] of logs.entries()) {
    void callback.onEpochBegin?.(epoch, training);
    rates.push(training.learningRate);
    current = weightsOf(epoch);
    void callback.onEpochEnd?.(epoch, figures, training);
    epochs++;
    if (stopped) break;
  }
  void callback.onTrainEnd?.(training);
  return { epochs, weight: current.get("w")?.data[0], rates };
}

const losses = (...values: number[]) => values.map((valLoss) => ({ loss: 0, valLoss }));

describe("earlyStopping", () => {
  it("stops after `patience` epochs that are no better, and puts the best weights back", () => {
    const { epochs, weight } = play(earlyStopping({ patience: 2 }), losses(3, 1, 2, 1.5, 0.5));
    expect([epochs, weight]).toEqual([4, 1]);
  });

  it("puts the best weights back also when all epochs were done", () => {
    const { epochs, weight } = play(earlyStopping({ patience: 5 }), losses(3, 1, 2));
    expect([epochs, weight]).toEqual([3, 1]);
    expect(play(earlyStopping({ patience: 5, restoreBestWeights: false }), losses(3, 1, 2)).weight).toBe(2);
  });

  it("wants more than minDelta, and takes NaN for no improvement", () => {
    expect(play(earlyStopping({ patience: 2, minDelta: 0.5 }), losses(3, 2.6, 2.4, 2.2)).epochs).toBe(4);
    expect(play(earlyStopping({ patience: 2 }), losses(NaN, NaN, 1)).epochs).toBe(2);
  });

  it("looks for high accuracies and low losses, or as told", () => {
    const logs = [0.5, 0.7, 0.6].map((accuracy) => ({ loss: accuracy, accuracy }));
    expect(play(earlyStopping({ patience: 9, monitor: "accuracy" }), logs).weight).toBe(1);
    for (const figure of ["valMacroF1", "valMeanAveragePrecision", "valRocAuc"]) {
      const named = logs.map(({ accuracy }) => ({ loss: accuracy, [figure]: accuracy }));
      expect(play(earlyStopping({ patience: 9, monitor: figure }), named).weight, figure).toBe(1);
    }
    expect(play(earlyStopping({ patience: 9 }), logs).weight).toBe(0);
    expect(play(earlyStopping({ patience: 9, mode: "max" }), logs).weight).toBe(1);
  });

  it("says which figures there are", () => {
    expect(() => play(earlyStopping({ monitor: "valLoss" }), [{ loss: 1 }])).toThrow(
      'earlyStopping: monitor must be one of loss; got "valLoss"; give fit validationData or validationSplit',
    );
    expect(() => earlyStopping({ patience: 0.5 })).toThrow(
      /patience must be a whole number, 0 or more; got 0.5/,
    );
  });

  it("goes on from its state", () => {
    const first = earlyStopping({ patience: 2 });
    play(first, losses(1, 2));
    const second = earlyStopping({ patience: 2 });
    const resumed: Callback = {
      ...second,
      onTrainBegin(training) {
        void second.onTrainBegin?.(training);
        const state = first.state?.();
        if (state) second.restore?.(state);
      },
    };
    // One epoch without improvement was before, so one more is enough; the best weights are the first part's.
    expect(play(resumed, losses(1.5, 0))).toMatchObject({ epochs: 1, weight: 0 });
  });
});

describe("best weights in a real training", () => {
  const failing: Callback = {
    onEpochBegin(epoch) {
      if (epoch === 4) throw new Error("power cut");
    },
  };
  const aborting = (controller: AbortController): Callback => ({
    onEpochBegin(epoch) {
      if (epoch === 4) controller.abort();
    },
  });

  it.each(["error", "abort"])("come back after an %s", async (end) => {
    const model = smallClassifier();
    model.compile({ optimizer: sgd({ learningRate: 0.5 }), loss: "softmaxCrossEntropy" });
    const { x, y } = stripes(24);
    const seen: { loss: number; weights: Weights }[] = [];
    const recorder: Callback = {
      onEpochEnd: (_epoch, { loss }, training) => void seen.push({ loss, weights: training.getWeights() }),
    };
    const controller = new AbortController();
    const callbacks = [keepBestWeights(), recorder, end === "error" ? failing : aborting(controller)];
    const training = model.fit(x, y, { epochs: 9, callbacks, signal: controller.signal });
    if (end === "error") await expect(training).rejects.toThrow("power cut");
    else await training;
    expect(seen.length).toBe(4);
    const best = seen.reduce((a, b) => (b.loss < a.loss ? b : a));
    expect(model.getWeights()).toEqual(best.weights);
  });
});

describe("learning rates", () => {
  it("follow a function of the epoch", async () => {
    const model = linearModel();
    model.compile({ optimizer: sgd({ learningRate: 1e-3 }), loss: "mse" });
    const { x, y } = line(8);
    const halving = learningRateScheduler((epoch, rate) => (epoch === 0 ? rate : rate / 2));
    const { learningRate } = await model.fit(x, y, { epochs: 3, callbacks: halving });
    expect(learningRate).toEqual([1e-3, 5e-4, 2.5e-4]);
    const wrong = learningRateScheduler(() => NaN);
    await expect(model.fit(x, y, { callbacks: wrong })).rejects.toThrow(/must be 0 or more; got NaN/);
  });

  it("fall at a plateau", () => {
    const callback = reduceLROnPlateau({ patience: 2, factor: 0.5 });
    expect(play(callback, losses(1, 1, 1, 0.5, 0.5, 0.5, 0.5)).rates).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.25]);
    expect(() => reduceLROnPlateau({ factor: 2 })).toThrow(/factor must be above 0 and below 1; got 2/);
  });
});

describe("callbacks in fit", () => {
  it("are called in order, and awaited", async () => {
    const model = linearModel();
    model.compile({ optimizer: "sgd", loss: "mse" });
    const calls: string[] = [];
    const later = async (what: string) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      calls.push(what);
    };
    const { x, y } = line(4);
    const callback: Callback = {
      onTrainBegin: ({ epochs, batchesPerEpoch }) => later(`begin ${epochs} ${batchesPerEpoch}`),
      onEpochBegin: (epoch) => later(`epoch ${epoch}`),
      onBatchEnd: (batch, { size }) => later(`batch ${batch} of ${size}`),
      onEpochEnd: (epoch) => later(`end of ${epoch}`),
      onEpochComplete: (epoch) => later(`complete ${epoch}`),
      onTrainEnd: () => later("end"),
    };
    await model.fit(x, y, { batchSize: 3, callbacks: callback });
    expect(calls).toEqual([
      "begin 1 2",
      "epoch 0",
      "batch 0 of 3",
      "batch 1 of 1",
      "end of 0",
      "complete 0",
      "end",
    ]);
  });
});

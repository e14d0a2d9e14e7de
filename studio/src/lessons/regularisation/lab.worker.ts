/** @file The lesson's engine: four networks on few digits, masks of dropout, and statistics of batches. */
import { Generator } from "auricle";
import { expose, transfer } from "comlink";
import { Runs, turnTaker } from "../../engine/turns.ts";
import { drawDigits, pickDigits, PIXELS } from "../digits.ts";
import { drawDropout, followBatches } from "./mechanisms.ts";
import {
  epochBatches,
  figuresOf,
  MOST_DIGITS,
  networkOf,
  VARIANT_NAMES,
  type EpochFigures,
  type VariantName,
} from "./networks.ts";

export interface TrainRequest {
  /** Training digits. */
  readonly count: number;
  readonly rate: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly seed: number;
}

/** The figures of a network after an epoch; epoch 0 is before any training. */
export interface TrainProgress {
  readonly variant: VariantName;
  readonly epoch: number;
  readonly figures: EpochFigures;
}

const VALIDATION_DIGITS = 400;
const training = drawDigits("train", MOST_DIGITS);
const validation = drawDigits("test", VALIDATION_DIGITS);
const runs = new Runs();

const lab = {
  /** Trains the four networks side by side, epoch by epoch. */
  async train(
    request: TrainRequest,
    onprogress: (progress: readonly TrainProgress[]) => void,
  ): Promise<void> {
    const run = runs.begin();
    const isOn = () => !run.signal.aborted;
    const [all, others] = [await training, await validation];
    const own = pickDigits(
      all,
      Array.from({ length: request.count }, (_, i) => i),
    );
    const models = VARIANT_NAMES.map((variant) => ({ variant, model: networkOf({ variant, ...request }) }));
    let reports: TrainProgress[] = [];
    const report = () => {
      onprogress(reports);
      reports = [];
    };
    const takeTurn = turnTaker(report);
    for (let epoch = 0; epoch <= request.epochs && isOn(); epoch++) {
      for (const { variant, model } of models) {
        if (epoch > 0) {
          for (const batch of epochBatches(own, request.batchSize, request.seed, epoch)) {
            await model.trainOnBatch(batch.pictures, batch.labels);
            await takeTurn();
            if (!isOn()) break;
          }
        }
        if (!isOn()) break;
        reports.push({ variant, epoch, figures: await figuresOf(model, own, others) });
        await takeTurn();
      }
    }
    if (run.isNewest) report();
  },

  stop(): void {
    runs.stop();
  },

  /** A digit of 14 × 14 with values from 0 to 1, and what dropout makes of it. */
  async dropout(rate: number, draw: number) {
    const values = await smallDigit();
    const drawn = drawDropout(values, rate, draw);
    return { values, ...drawn };
  },

  /** A unit's answers to digits, followed from batch to batch. */
  async batches(request: Parameters<typeof followBatches>[1]) {
    const found = followBatches(await unitAnswers(), request);
    const { batchMeans, runningMeans, inTraining } = found;
    return transfer(found, [batchMeans.buffer, runningMeans.buffer, inTraining.buffer]);
  },
};

/** An eight at half the size, its pixels from 0 to 1. */
async function smallDigit(): Promise<Float32Array> {
  const { pictures, labels } = await validation;
  const eight = labels.data.indexOf(8);
  const picture = pictures.data.subarray(eight * PIXELS, (eight + 1) * PIXELS);
  const low = picture.reduce((least, value) => Math.min(least, value), Infinity);
  const high = picture.reduce((most, value) => Math.max(most, value), -Infinity);
  return Float32Array.from({ length: 196 }, (_, i) => {
    const at = 2 * Math.floor(i / 14) * 28 + 2 * (i % 14);
    const mean = (picture[at] + picture[at + 1] + picture[at + 28] + picture[at + 29]) / 4;
    return (mean - low) / (high - low);
  });
}

/** The output of one unit with random weights for each digit before it is normalised; most of them lie above 0. */
async function unitAnswers(): Promise<Float32Array> {
  const { pictures, labels } = await validation;
  const generator = new Generator(11);
  const weights = Float32Array.from({ length: PIXELS }, () => generator.normal() / Math.sqrt(PIXELS));
  return Float32Array.from(labels.data, (_, i) => {
    const picture = pictures.data.subarray(i * PIXELS, (i + 1) * PIXELS);
    return 1 + picture.reduce((sum, value, pixel) => sum + value * weights[pixel], 0);
  });
}

export type Lab = typeof lab;
expose(lab);

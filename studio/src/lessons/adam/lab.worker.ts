/** @file The lesson's engine: paths over surfaces, a network under four optimizers, and the learning rate's range test. */
import { findLearningRate, Generator, type LearningRateCurve } from "auricle";
import { expose, transfer } from "comlink";
import { Runs, turnTaker } from "../../engine/turns.ts";
import { drawDigits, pickDigits } from "../digits.ts";
import { BATCH_SIZE, networkOf } from "./networks.ts";
import { OPTIMIZER_NAMES, OPTIMIZERS, RANGE_STEPS, type OptimizerName } from "./optimizers.ts";
import { pathOf, type PathRequest } from "./paths.ts";
import { heightsOf, type SurfaceName } from "./surfaces.ts";

export type Rates = Readonly<Record<OptimizerName, number>>;

export interface PathsRequest extends Omit<PathRequest, "optimizer" | "learningRate"> {
  readonly rates: Rates;
}

export interface TrainRequest {
  readonly rates: Rates;
  readonly steps: number;
  readonly seed: number;
}

/** The losses since the last report; NaN from where a loss or a gradient was not finite. */
export type TrainProgress = Readonly<Record<OptimizerName, readonly number[]>>;

export interface RangeRequest {
  readonly optimizer: OptimizerName;
  readonly seed: number;
}

/** The steps of a range test that has not ended. */
export type RangeProgress = Pick<LearningRateCurve, "learningRates" | "losses">;

/** Milliseconds between reports of a range test. */
const BETWEEN_REPORTS = 60;

const DIGITS = 2000;
const digits = drawDigits("train", DIGITS);
const runs = new Runs();

const lab = {
  heights(surface: SurfaceName, side: number): Float32Array {
    const heights = heightsOf(surface, side);
    return transfer(heights, [heights.buffer]);
  },

  paths({ rates, ...request }: PathsRequest) {
    return OPTIMIZER_NAMES.map((optimizer) =>
      pathOf({ ...request, optimizer, learningRate: rates[optimizer] }),
    );
  },

  /** Trains a network for each optimizer side by side, from the same weights and on the same batches. */
  async train(request: TrainRequest, onprogress: (progress: TrainProgress) => void): Promise<void> {
    const run = runs.begin();
    const all = await digits;
    const order = new Generator(request.seed).shuffle(Array.from({ length: DIGITS }, (_, i) => i));
    const models = OPTIMIZER_NAMES.map((name) => ({
      name,
      hasFailed: false,
      model: networkOf(OPTIMIZERS[name].make(request.rates[name]), request.seed),
    }));
    let losses = models.map((): number[] => []);
    const report = () => {
      onprogress(
        Object.fromEntries(models.map(({ name }, i) => [name, losses[i]])) as Record<OptimizerName, number[]>,
      );
      losses = models.map(() => []);
    };
    const takeTurn = turnTaker(report);
    for (let step = 0; step < request.steps && !run.signal.aborted; step++) {
      const from = (step * BATCH_SIZE) % (DIGITS - BATCH_SIZE);
      const batch = pickDigits(all, order.slice(from, from + BATCH_SIZE));
      for (const [i, one] of models.entries()) {
        losses[i].push(one.hasFailed ? Number.NaN : await lossOf(one, batch));
        await takeTurn();
      }
    }
    if (run.isNewest) report();
  },

  /** Ends the training or the range test at hand after its step. */
  stop(): void {
    runs.stop();
  },

  /**
   * Makes the range test: the learning rate rises from step to step, and the loss of one batch is watched.
   * @param onprogress takes the learning rates and losses so far
   * @returns undefined after a stop
   */
  async range(
    { optimizer, seed }: RangeRequest,
    onprogress: (progress: RangeProgress) => void,
  ): Promise<LearningRateCurve | undefined> {
    const run = runs.begin();
    const { pictures, labels } = await digits;
    const model = networkOf(OPTIMIZERS[optimizer].make(1e-3), seed);
    const [learningRates, losses]: [number[], number[]] = [[], []];
    const report = () => {
      if (run.isNewest) onprogress({ learningRates, losses });
    };
    let told = 0;
    try {
      return await findLearningRate(model, [pictures, labels], {
        minLearningRate: 1e-5,
        maxLearningRate: 10,
        steps: RANGE_STEPS,
        batchSize: BATCH_SIZE,
        signal: run.signal,
        onStep(learningRate, loss) {
          learningRates.push(learningRate);
          losses.push(loss);
          if (performance.now() - told < BETWEEN_REPORTS) return;
          told = performance.now();
          report();
        },
      });
    } catch (error) {
      if (!run.signal.aborted) throw error;
      report();
      return undefined;
    }
  },
};

async function lossOf(
  one: { hasFailed: boolean; readonly model: ReturnType<typeof networkOf> },
  { pictures, labels }: Awaited<typeof digits>,
): Promise<number> {
  try {
    const { loss } = await one.model.trainOnBatch(pictures, labels);
    return loss;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "numeric")) throw error;
    one.hasFailed = true;
    return Number.NaN;
  }
}

export type Lab = typeof lab;
expose(lab);

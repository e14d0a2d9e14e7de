/** @file Loss and metrics over examples, in inference. */
import { AuricleError } from "../../errors.ts";
import type { Precision } from "../../runtime/precision.ts";
import { BatchReader, type BatchReaderOptions } from "./batch-reader.ts";
import type { ExampleSource } from "./example-source.ts";
import { keptRows } from "./kept-rows.ts";
import { metricTargets } from "./model-metrics.ts";
import { takeTurn } from "./pause.ts";
import type { StepProgram } from "./step-programs.ts";
import type { TrainedOutput } from "./trained-outputs.ts";
import type { Trainer } from "./trainer.ts";
import type { Metric } from "../metrics/index.ts";

/**
 * `loss` and one figure for each metric, by its name. Each of several outputs has its own: "genre_loss", "genre_accuracy";
 * `loss` is then the sum of their losses, each times its weight.
 */
export type Evaluation = { readonly loss: number } & Readonly<Record<string, number>>;

/** A batch with what the network has made of it, for each trained output. */
export interface BatchResults {
  readonly batchSize: number;
  readonly targets: readonly (Float32Array | Int32Array)[];
  /** The loss of each output, before its weight. */
  readonly losses: readonly number[];
  outputsOf(index: number): Float32Array | Int32Array;
}

/** The results of the batch that a program has just run. @param loss its loss */
export function resultsOf(program: StepProgram, loss: number): BatchResults {
  const several = program.outputLosses();
  return {
    batchSize: program.batchSize,
    targets: program.arrays().targets,
    losses: several.length > 0 ? several : [loss],
    outputsOf: (index) => program.compiled.output(1 + index).data,
  };
}

/** Sums up batches: the mean loss, weighted by the count that it is the mean over, and the metrics. */
export class Figures {
  private readonly outputs: readonly OutputFigures[];
  private finite = true;

  constructor(trainer: Trainer) {
    const metrics = trainer.newMetrics();
    this.outputs = trainer.outputs.map((output, i) => ({ output, metrics: metrics[i], loss: 0, count: 0 }));
  }

  /** Adds a batch. A loss that is not finite makes all metrics NaN. */
  add({ batchSize, targets, losses, outputsOf }: BatchResults, source: ExampleSource, loss: number): void {
    this.finite &&= Number.isFinite(loss);
    this.outputs.forEach((figures, i) => {
      const { output, metrics } = figures;
      const count = countOf(targets[i], batchSize, output);
      figures.loss += losses[i] * count;
      figures.count += count;
      if (metrics.length === 0 || !this.finite) return;
      const outputs = outputsOf(i);
      if (outputs instanceof Int32Array) return;
      const width = output.shape.at(-1) ?? 1;
      const kept = keptRows({ outputs, targets: targets[i] }, output.loss, width);
      const comparable = metricTargets(kept.targets, source.targets[i], output.loss, output.shape);
      for (const metric of metrics) metric.update(kept.outputs, comparable);
    });
  }

  results(): Evaluation {
    const several = this.outputs.length > 1;
    const losses = this.outputs.map(({ loss, count }) => (count === 0 ? 0 : loss / count));
    const results = this.outputs.flatMap(({ output, metrics }, i) => [
      ...(several ? [[output.figure("loss"), losses[i]] as const] : []),
      ...metrics.map((metric) => [output.figure(metric.name), this.finite ? metric.result() : NaN] as const),
    ]);
    const total = losses.reduce((sum, loss, i) => sum + loss * this.outputs[i].output.lossWeight, 0);
    return { ...Object.fromEntries(results), loss: total };
  }
}

interface OutputFigures {
  readonly output: TrainedOutput;
  readonly metrics: readonly Metric[];
  /** The sum over batches of the mean loss times the count that it is the mean of. */
  loss: number;
  count: number;
}

/** The count that a batch's loss is the mean over: the examples, or the labels that are not ignored. */
export function countOf(
  targets: Float32Array | Int32Array,
  examples: number,
  { loss }: TrainedOutput,
): number {
  const ignored = loss.config?.ignoreIndex;
  if (ignored === undefined) return examples;
  return targets.length - targets.filter((label) => label === ignored).length;
}

/** How a trainer's batches are read. */
export function readerOf(
  trainer: Trainer,
  source: ExampleSource,
  classWeights: BatchReaderOptions["classWeights"] = [],
): BatchReader {
  return new BatchReader({
    source,
    outputs: trainer.outputs,
    classWeights,
    memoryStays: trainer.network.arena.shared,
  });
}

/** @throws AuricleError "argument" unless it is a whole number above 0. */
export function checkBatchSize(batchSize: number): void {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new AuricleError("argument", `batchSize must be a whole number above 0; got ${batchSize}`);
  }
}

/** @throws AuricleError "data" when there are no examples. */
export function checkNotEmpty(source: ExampleSource, use: string): void {
  if (source.length === 0) {
    throw new AuricleError("data", `${source.name}: ${use} needs at least one example; got none`);
  }
}

/** The numbers start … start + count - 1. */
export function indexRange(start: number, count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => start + i);
}

/** Goes once through all examples in their order. @param precision default "float32" */
export async function evaluateSource(
  trainer: Trainer,
  source: ExampleSource,
  batchSize: number,
  reader = readerOf(trainer, source),
  precision?: Precision,
): Promise<Evaluation> {
  checkBatchSize(batchSize);
  checkNotEmpty(source, "evaluation");
  const figures = new Figures(trainer);
  for (let start = 0; start < source.length; start += batchSize) {
    const indices = indexRange(start, Math.min(batchSize, source.length - start));
    const program = trainer.programs.evaluate({
      batchSize: indices.length,
      targets: source.targets,
      weighted: reader.weighted,
      precision,
    });
    const pending = reader.read(program, indices);
    if (pending) await pending;
    trainer.network.refresh();
    program.compiled.run();
    const loss = program.compiled.output(0).data[0];
    figures.add(resultsOf(program, loss), source, loss);
    const turn = takeTurn();
    if (turn) await turn;
  }
  return figures.results();
}

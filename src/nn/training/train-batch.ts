/** @file One training step on a batch of a source: read, step, figures. */
import { numericError } from "../checks/numeric-error.ts";
import { beginPhase } from "../../runtime/recording.ts";
import type { BatchReader } from "./batch-reader.ts";
import { resultsOf, type Figures } from "./evaluate.ts";
import type { ExampleSource } from "./example-source.ts";
import type { StepResult, Trainer } from "./trainer.ts";

/** The settings that the batches of a training share. */
export interface BatchTraining {
  readonly trainer: Trainer;
  readonly source: ExampleSource;
  readonly reader: BatchReader;
  /** Whether to update also when the loss or a gradient is not finite. */
  readonly evenIfNotFinite: boolean;
}

/**
 * Makes one step on the examples with these numbers, and adds their figures.
 * @param when for messages: "epoch 1, batch 2"
 * @throws AuricleError "data" naming an example that cannot be used; "numeric" when the loss or a gradient is not finite
 */
export async function trainBatch(
  { trainer, source, reader, evenIfNotFinite }: BatchTraining,
  indices: Uint32Array,
  figures: Figures,
  when: string,
): Promise<StepResult> {
  const spec = { batchSize: indices.length, targets: source.targets, weighted: reader.weighted };
  const program = trainer.programs.train(spec);
  const endReading = beginPhase("batch");
  const pending = reader.read(program, indices);
  if (pending) await pending;
  endReading();
  const endStep = beginPhase("step");
  const result = trainer.trainStep(program, evenIfNotFinite);
  endStep();
  if (!Number.isFinite(result.gradientNorm) && !evenIfNotFinite) {
    throw numericError(trainer, program, result, when);
  }
  figures.add(resultsOf(program, result.loss), source, result.loss);
  return result;
}

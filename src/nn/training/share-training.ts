/**
 * @file One training in several processes: each computes the gradients for a share of every batch, and all make the same step. Loss,
 * gradients, running statistics and the figures' outputs go round in one exchange a step, so that every rank knows of the whole batch what
 * one process would.
 */
import type { Following } from "../../data/dataset.ts";
import { compareRanks, HASH } from "../../distributed/compare-ranks.ts";
import { shareOf, type Ranks } from "../../distributed/ranks.ts";
import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { checksum } from "../checkpoint/checksum.ts";
import { numericError } from "../checks/numeric-error.ts";
import { beginPhase } from "../../runtime/recording.ts";
import { BatchExchange, SHARED_OPERATIONS } from "./batch-norm-across.ts";
import type { BatchReader } from "./batch-reader.ts";
import { countOf, resultsOf, type BatchResults, type Figures } from "./evaluate.ts";
import type { ExampleSource } from "./example-source.ts";
import type { StepProgram } from "./step-programs.ts";
import type { StepResult, Trainer } from "./trainer.ts";

export interface ShareOptions {
  /**
   * Normalises batches by the statistics of the whole batch, which the ranks exchange in the middle of a step, twice for each batch normalisation.
   * Default false: each rank by its own share.
   */
  readonly syncBatchNorm?: boolean;
}

const SHARE_OPTIONS: OptionNames<ShareOptions> = { syncBatchNorm: true };

export interface SharedTrainingOptions extends ShareOptions {
  readonly ranks: Ranks;
  readonly trainer: Trainer;
  readonly source: ExampleSource;
  readonly reader: BatchReader;
  readonly evenIfNotFinite: boolean;
}

/** Makes of a training the share of one process; undefined where there is no other. */
export type TrainingShare = (
  training: Omit<SharedTrainingOptions, "ranks" | keyof ShareOptions>,
) => SharedTraining | undefined;

/** The option `share` of `fit` that trains a model in several processes. A page that trains alone loads nothing of it. */
export function shareTraining(ranks: Ranks, options: ShareOptions = {}): TrainingShare {
  checkOptions("shareTraining", options, SHARE_OPTIONS, "ranks, ");
  return (training) =>
    ranks.size === 1 ? undefined : new SharedTraining({ ranks, ...options, ...training });
}

/** A step that all ranks have made. */
export interface SharedStep extends StepResult {
  /** Whether a rank wants to end the training. */
  readonly isLast: boolean;
}

/** A rank's share of an epoch, as {@link Dataset.beginEpoch} is told. */
export interface OwnOrder {
  readonly order: Uint32Array;
  readonly batchSize: number;
  readonly following: Following;
}

/** The examples of an epoch in the order in which a rank takes them, how many at a time, and what follows each share in its batch. */
export function ownOrder(
  order: Uint32Array,
  batchSize: number,
  ranks: Pick<Ranks, "rank" | "size">,
): OwnOrder {
  const own: number[] = [];
  const following = new Map<number, number>();
  for (let first = 0; first < order.length; first += batchSize) {
    const batch = order.subarray(first, first + batchSize);
    const { start, count } = shareOf(batch.length, ranks);
    const end = start + count;
    own.push(...batch.subarray(start, end));
    if (count > 0) following.set(batch[end - 1], batch[end % batch.length]);
  }
  return { order: Uint32Array.from(own), batchSize: Math.max(1, shareOf(batchSize, ranks).count), following };
}

/** The places of a rank's note: these, then the loss of each output, then the rows of targets and outputs. */
const NOTE = { isLast: 0, loss: 1, weight: 2, losses: 3 } as const;

export class SharedTraining {
  private readonly options: SharedTrainingOptions;
  /** Gradients, then statistics. */
  private readonly exchanged: Float32Array;

  /** @throws AuricleError "unsupported" for several outputs with labels that are ignored */
  constructor(options: SharedTrainingOptions) {
    const { trainer } = options;
    const { outputs, network, programs } = trainer;
    if (outputs.length > 1 && outputs.some(({ loss }) => loss.config?.ignoreIndex !== undefined)) {
      throw new AuricleError(
        "unsupported",
        `${network.name}: several processes can train several outputs only where no loss has ignoreIndex`,
      );
    }
    if (options.syncBatchNorm && outputs.some(({ loss }) => loss.config?.ignoreIndex !== undefined)) {
      throw new AuricleError(
        "unsupported",
        `${network.name}: syncBatchNorm needs a loss over all examples, without ignoreIndex`,
      );
    }
    this.options = options;
    this.exchanged = new Float32Array(programs.gradients.length + network.statistics.length);
  }

  /**
   * Makes sure that all ranks are about to do the same.
   * @param settings those of the training, as text
   * @throws AuricleError "argument" naming the rank that differs
   */
  async compare(settings: string): Promise<void> {
    const { ranks, trainer, source, syncBatchNorm = false } = this.options;
    const { network, optimizer } = trainer;
    network.refresh();
    const state = [
      ["parameters", network.parameters],
      ["statistics", network.statistics],
      ...trainer.slots.map((slot, i) => [String(i), slot] as const),
    ] as const;
    const values = state.map(([name, slab]) => {
      const data = slab.view().slice();
      return [name, { shape: [data.length], data }] as const;
    });
    const hashOf = (...parts: readonly unknown[]) => HASH + checksum([JSON.stringify(parts)], []);
    await compareRanks(ranks, {
      "the layers of the network": hashOf(
        network.weights.map(({ path, shape }) => [path, shape]),
        network.layers.map(({ trainable }) => trainable),
      ),
      "the weights to begin with": HASH + checksum([], values),
      "the number of training examples": String(source.length),
      "the options of the training": hashOf(
        settings,
        syncBatchNorm,
        optimizer.name,
        optimizer.config,
        network.seed,
      ),
      "the steps made before": String(trainer.step),
    });
  }

  /** This rank's share of an epoch. */
  ownOrder(order: Uint32Array, batchSize: number): OwnOrder {
    return ownOrder(order, batchSize, this.options.ranks);
  }

  /**
   * Makes one step on the examples with these numbers, of which this rank computes its share.
   * @param isLast whether this rank wants to end the training
   * @param when for messages: "epoch 1, batch 2"
   * @throws AuricleError "data" as a reader, "numeric" when the loss or a gradient is not finite, and as the ranks' exchange
   */
  async step(indices: Uint32Array, figures: Figures, isLast: boolean, when: string): Promise<SharedStep> {
    const { ranks, trainer, source, reader, evenIfNotFinite } = this.options;
    const { start, count } = shareOf(indices.length, ranks);
    const program = count === 0 ? undefined : this.programFor(count, start);
    if (program) {
      const endReading = beginPhase("batch");
      const pending = reader.read(program, indices.subarray(start, start + count));
      if (pending) await pending;
      endReading();
    }
    const endStep = beginPhase("step");
    const before = await this.computeGradients(program, when);
    endStep();
    const endExchange = beginPhase("exchange");
    const { exchanged } = this;
    const gradients = trainer.programs.gradients.view();
    exchanged.set(gradients);
    exchanged.set(trainer.network.statistics.view(), gradients.length);
    const note = this.noteOf(program, indices.length, isLast);
    const notes = await ranks.mean(exchanged, note[NOTE.weight], note, when);
    endExchange();
    const own = program && { program, loss: note[NOTE.loss], gradients: gradients.slice() };
    trainer.programs.gradients.edit().set(exchanged.subarray(0, gradients.length));
    trainer.network.statistics.edit().set(exchanged.subarray(gradients.length));
    const loss = weighted(notes, NOTE.loss);
    const result = trainer.applyGradients(loss, before, evenIfNotFinite);
    if (!Number.isFinite(result.gradientNorm) && !evenIfNotFinite) throw this.notFinite(own, result, when);
    figures.add(this.wholeBatch(notes, indices.length), source, loss);
    return { ...result, isLast: notes.some((one) => one[NOTE.isLast] !== 0) };
  }

  /** The program of a step on this rank's rows of a batch. */
  private programFor(rows: number, firstExample: number): StepProgram {
    const { trainer, source, reader, syncBatchNorm } = this.options;
    return trainer.programs.train({
      batchSize: rows,
      targets: source.targets,
      weighted: reader.weighted,
      firstExample,
      ...(syncBatchNorm && { operations: SHARED_OPERATIONS }),
    });
  }

  /** As {@link Trainer.computeGradients}, together with the other ranks where they exchange the statistics of batches. */
  private async computeGradients(program: StepProgram | undefined, when: string): Promise<Float32Array> {
    const { ranks, trainer, syncBatchNorm } = this.options;
    if (!syncBatchNorm) return trainer.computeGradients(program);
    const before = trainer.prepareStep();
    // Without rows, any program tells what the others exchange.
    const { compiled } = program ?? this.programFor(1, 0);
    const { pausing } = compiled;
    if (!pausing) {
      throw new AuricleError(
        "unsupported",
        `${trainer.network.name}: --sync-batch-norm cannot be used with the target reference, which computes a step in one go`,
      );
    }
    await new BatchExchange(ranks, pausing, program?.batchSize ?? 0, when).run();
    return before;
  }

  /** Whether any rank wants to end the training. */
  async agree(isLast: boolean, when: string): Promise<boolean> {
    const wishes = await this.options.ranks.gather(Uint8Array.of(isLast ? 1 : 0), when);
    return wishes.some(([wish]) => wish !== 0);
  }

  /** The rank that finds the place where a number stops being finite names it; the others have nothing to add. */
  private notFinite(
    own:
      { readonly program: StepProgram; readonly loss: number; readonly gradients: Float32Array } | undefined,
    result: StepResult,
    when: string,
  ): AuricleError {
    const { trainer } = this.options;
    if (own && !(Number.isFinite(own.loss) && own.gradients.every(Number.isFinite))) {
      return numericError(trainer, own.program, { ...result, loss: own.loss }, when);
    }
    return new AuricleError(
      "numeric",
      `${trainer.network.name}: the loss or a gradient is not finite on another rank in ${when}`,
    );
  }

  /** The numbers of one example's targets and outputs, by trained output. */
  private get rowSizes(): readonly { readonly target: number; readonly output: number }[] {
    const { trainer, source } = this.options;
    return trainer.outputs.map(({ shape, metrics }, i) => ({
      target: sizeOf(source.targets[i].shape),
      output: metrics.length > 0 ? sizeOf(shape) : 0,
    }));
  }

  private noteOf(program: StepProgram | undefined, rows: number, isLast: boolean): Float32Array {
    const { ranks, trainer } = this.options;
    const most = shareOf(rows, { rank: 0, size: ranks.size }).count;
    const { rowSizes } = this;
    const size = rowSizes.reduce<number>(
      (sum, { target, output }) => sum + 1 + most * (target + output),
      NOTE.losses,
    );
    const note = new Float32Array(size);
    note[NOTE.isLast] = isLast ? 1 : 0;
    if (!program) return note;
    const loss = program.compiled.output(0).data[0];
    const { targets, losses, outputsOf, batchSize } = resultsOf(program, loss);
    note[NOTE.loss] = loss;
    note[NOTE.weight] = countOf(targets[0], batchSize, trainer.outputs[0]);
    let at: number = NOTE.losses;
    rowSizes.forEach(({ target, output }, i) => {
      note[at] = losses[i];
      // The bits of whole numbers are handed on as they are.
      new Uint8Array(note.buffer).set(bytesOf(targets[i]), 4 * (at + 1));
      if (output > 0) note.set(outputsOf(i), at + 1 + most * target);
      at += 1 + most * (target + output);
    });
    return note;
  }

  /** Puts the rows of all ranks together. */
  private wholeBatch(notes: readonly Float32Array[], rows: number): BatchResults {
    const { ranks, trainer, source } = this.options;
    const most = shareOf(rows, { rank: 0, size: ranks.size }).count;
    const { rowSizes } = this;
    const places = rowSizes.map((_, i) =>
      rowSizes
        .slice(0, i)
        .reduce<number>((at, { target, output }) => at + 1 + most * (target + output), NOTE.losses),
    );
    const joined = (offset: (i: number) => number, i: number, size: number) => {
      const all = new Float32Array(rows * size);
      notes.forEach((note, rank) => {
        const { start, count } = shareOf(rows, { rank, size: ranks.size });
        const words = note.subarray(offset(i), offset(i) + count * size);
        new Uint8Array(all.buffer).set(bytesOf(words), 4 * start * size);
      });
      return all;
    };
    return {
      batchSize: rows,
      targets: trainer.outputs.map((_, i) => {
        const all = joined((one) => places[one] + 1, i, rowSizes[i].target);
        return source.targets[i].dtype === "int32" ? new Int32Array(all.buffer) : all;
      }),
      losses: places.map((place) => weighted(notes, place)),
      outputsOf: (i) => joined((one) => places[one] + 1 + most * rowSizes[one].target, i, rowSizes[i].output),
    };
  }
}

/** The mean of a number that each rank has in its note. */
function weighted(notes: readonly Float32Array[], place: number): number {
  let [sum, total] = [0, 0];
  for (const note of notes) {
    const weight = note[NOTE.weight];
    if (weight === 0) continue;
    sum += weight * note[place];
    total += weight;
  }
  return total === 0 ? 0 : sum / total;
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** @file Reads epochs of pictures as a training does, in a process of its own. For tests; Node only. */

import { createHash } from "node:crypto";
import { Generator } from "../../../../random/generator.ts";
import { sizeOf } from "../../../../tensor/shape.ts";
import type { Example } from "../../../collection/collection.ts";
import type { PictureDatasetOptions } from "../../picture-dataset.ts";
import { preparePixels } from "../../pixels/prepare-pixels.ts";
import { readAhead } from "../read-ahead.ts";

export interface EpochsRequest {
  /** The pictures' files; their classes take turns. */
  readonly paths: readonly string[];
  readonly cacheFolder: string;
  /** Bytes of pixels that stay in memory. */
  readonly memoryLimit: number;
  readonly options: PictureDatasetOptions;
  readonly batchSize: number;
  readonly threads: number;
  /** How many batches of each epoch are read; the others are left. */
  readonly batches: readonly number[];
  /** The number of the epoch whose batches are read from the last to the first. */
  readonly backwards?: number;
  /** Milliseconds that a batch is computed. */
  readonly pause?: number;
}

export interface EpochsRead {
  /** A hash of each batch's inputs and targets. */
  readonly hashes: readonly string[];
  readonly problems: readonly string[];
  readonly timings: { readonly read: number; readonly augment: number };
  /** The message of the error that ended it. */
  readonly error?: string;
}

const CLASSES = 3;

/** @param whenPrepared called before the first epoch */
export async function readEpochs(
  request: EpochsRequest,
  whenPrepared: () => Promise<void> = () => Promise.resolve(),
): Promise<EpochsRead> {
  const {
    paths,
    cacheFolder,
    memoryLimit,
    options,
    batchSize,
    threads,
    batches,
    backwards,
    pause = 0,
  } = request;
  const examples = paths.map(exampleOf);
  const store = await preparePixels(examples, { cacheFolder, memoryLimit, threads: 1 });
  await whenPrepared();
  const problems: string[] = [];
  const dataset = readAhead(store, examples, options, {
    threads,
    onProblem: (problem) => problems.push(problem),
  });
  const hashes: string[] = [];
  try {
    for (const [epoch, count] of batches.entries()) {
      const order = new Generator(epoch).shuffle(Uint32Array.from(examples.keys()));
      dataset.beginEpoch?.(epoch, order, batchSize);
      const starts = Array.from({ length: count }, (_, batch) => batch * batchSize);
      for (const start of epoch === backwards ? starts.reverse() : starts) {
        const indices = order.subarray(start, start + batchSize);
        const inputs = new Float32Array(indices.length * sizeOf(dataset.inputShape));
        const targets = new Float32Array(indices.length * CLASSES);
        await dataset.read(indices, inputs, targets);
        hashes.push(createHash("sha256").update(inputs).update(targets).digest("hex"));
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    return { hashes, problems, timings: { ...dataset.timings } };
  } catch (error) {
    return { hashes, problems, timings: { ...dataset.timings }, error: String(error) };
  } finally {
    await dataset.end();
  }
}

function exampleOf(path: string, i: number): Example {
  const target = Float32Array.from({ length: CLASSES }, (_, label) => Number(label === i % CLASSES));
  return { id: `${i}`, path, target, label: i % CLASSES, group: `${i}`, split: undefined };
}

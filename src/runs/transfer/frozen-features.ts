/**
 * @file The features of a frozen network for examples: the numbers that its last layer takes. They are computed once, and
 * those of recordings are kept with the other features, by the content of the recording, the weights, and the machine code
 * that computed them. Browser-safe.
 */

import { featureFiles } from "#here/data/audio/features/cache/feature-files";
import { sha256 } from "#here/io/sha256";
import { FeatureCache } from "../../data/audio/features/cache/feature-cache.ts";
import type { Example } from "../../data/audio/index.ts";
import { errorCode } from "../../io/atomic-file.ts";
import { headOf, type Model, type Network } from "../../nn/index.ts";
import { claimFeatures } from "../feature-cache.ts";
import { windowEmbeddings } from "../explain/window-embeddings.ts";
import type { Job } from "../run-kind.ts";

/** The features of examples: of a recording one row for each of the windows that cover it, of a picture one row. */
export interface FrozenFeatures {
  /** Numbers in a row. */
  readonly width: number;
  /** `[rows, width]`, in the order of the examples. */
  readonly rows: readonly Float32Array[];
  /** How many examples were found in the cache. */
  readonly found: number;
}

export interface FrozenFeaturesOptions {
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (progress: { readonly done: number; readonly examples: number }) => void;
}

/**
 * Computes the features of examples, or finds them in the cache.
 * @throws the signal's reason; AuricleError as the reading of the examples
 */
export async function frozenFeatures(
  job: Omit<Job, "path">,
  model: Model,
  examples: readonly Example[],
  { signal, onProgress }: FrozenFeaturesOptions,
): Promise<FrozenFeatures> {
  const [width] = headOf(model.network).inputShapes[0];
  const kept = KeptRows.open(job, model, width);
  const rows: Float32Array[] = [];
  const missing: number[] = [];
  for (const [i, example] of examples.entries()) {
    const known = await kept?.find(example);
    if (known) rows[i] = known;
    else missing.push(i);
  }
  let done = examples.length - missing.length;
  onProgress({ done, examples: examples.length });
  const wanted = missing.map((i) => examples[i]);
  for await (const { example, data } of windowEmbeddings(model, job, wanted, signal && { signal })) {
    rows[missing[example]] = data;
    await kept?.keep(wanted[example], data);
    onProgress({ done: ++done, examples: examples.length });
  }
  await kept?.claim(job.config.data);
  return { width, rows, found: examples.length - missing.length };
}

/** The cache's files with the rows of examples. */
class KeptRows {
  private readonly cache: FeatureCache;
  private readonly job: Omit<Job, "path">;
  private readonly width: number;
  /** The hash of all that rows depend on besides the example. */
  private readonly maker: string;
  private readonly paths: string[] = [];
  private bytes = 0;

  private constructor(folder: string, job: Omit<Job, "path">, width: number, maker: string) {
    this.cache = new FeatureCache(folder);
    this.job = job;
    this.width = width;
    this.maker = maker;
  }

  /** Returns undefined where nothing is kept of such data. */
  static open(job: Omit<Job, "path">, model: Model, width: number): KeptRows | undefined {
    const { folder, input } = job.kind.keptRows?.(job) ?? {};
    if (folder === undefined) return undefined;
    return new KeptRows(folder, job, width, makerOf(job, model, input));
  }

  async find(example: Example): Promise<Float32Array | undefined> {
    const path = this.pathOf(example);
    const info = await this.cache.lookUp(path, this.width);
    if (!info) return undefined;
    const rows = new Float32Array(info.steps * this.width);
    if (!(await featureFiles.read(path, 0, rows))) return undefined;
    this.note(path, rows);
    return rows;
  }

  /** A cache that cannot be written is no failure: the rows are here. */
  async keep(example: Example, rows: Float32Array): Promise<void> {
    try {
      const writer = await this.cache.create(this.width);
      try {
        writer.append(rows);
        await writer.finish(this.pathOf(example), 0);
      } catch (error) {
        writer.discard();
        throw error;
      }
      this.note(this.pathOf(example), rows);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
    }
  }

  async claim(data: string): Promise<void> {
    const { cache, paths, bytes } = this;
    await claimFeatures({ kept: { folder: cache.folder, paths, bytes } }, { data, kind: "embeddings" });
  }

  private note(path: string, rows: Float32Array): void {
    this.paths.push(path);
    this.bytes += rows.byteLength;
  }

  private pathOf(example: Example): string {
    const { job, maker } = this;
    const [start, end] = "start" in example ? [Number(example.start), endOf(example)] : [0, undefined];
    return this.cache.path({ content: job.store.content(example), start, end, frontEnd: maker, paddedTo: 0 });
  }
}

function endOf(example: object): number | undefined {
  return "end" in example && typeof example.end === "number" ? example.end : undefined;
}

/** The hash of the network up to its last layer, of the form of its input, and of the machine code. */
function makerOf({ engine }: Omit<Job, "path">, { network }: Model, input: unknown): string {
  const { name } = headOf(network);
  const { layers, nodes } = network.config;
  const body = layers.filter(({ config }) => config.name !== name).map(withoutTrainable);
  const hash = sha256().update(
    JSON.stringify(["rows", input, engine.target, engine.algorithms, body, nodes]),
  );
  for (const [path, { data }] of network.getWeights()) {
    if (path.startsWith(`${name}/`)) continue;
    hash.update(path);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest();
}

/** Frozen or not, a layer computes the same in inference. */
function withoutTrainable({ className, config }: Network["config"]["layers"][number]) {
  return { className, config: { ...config, trainable: true } };
}

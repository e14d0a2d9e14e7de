/** @file The features that a network makes of recordings or pictures, for use elsewhere: the numbers that its last layer takes, or those of another layer. Browser-safe. */

import { basename, resolve } from "#here/io/path";
import { SOUND as RECORDINGS } from "../../data/audio/medium.ts";
import { audioCollection } from "../../data/audio/collection.ts";
import type { Collection, Example, FileProblem, SplitRole, Task } from "../../data/collection/collection.ts";
import { obtainOptions } from "../../data/obtain-options.ts";
import { AuricleError } from "../../errors.ts";
import type { Network } from "../../nn/index.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { DEFAULT_LAYER } from "../explain/embed-examples.ts";
import { windowEmbeddings } from "../explain/window-embeddings.ts";
import { kindOfData } from "../kinds.ts";
import { prepareJob } from "../one-run.ts";
import { PredictedFiles } from "../predicted-files.ts";
import { splitOf } from "../requested.ts";
import { SOUND } from "../sound/sound-kind.ts";
import type { Job, ReadControls, RunKind, RunRequest, WindowTimes } from "../run-kind.ts";
import { openFirstNetwork } from "./first-network.ts";
import { frozenFeatures } from "./frozen-features.ts";

export interface DataFeaturesOptions {
  /** The network: a run's folder, a model file, or the name of a published one. */
  readonly from: string;
  /** The layer whose outputs are wanted, by its name; of one with positions the mean over them. Default: what the last layer takes. */
  readonly layer?: string;
}

const OPTIONS: OptionNames<DataFeaturesOptions> = { from: true, layer: true };

/** A recording, a part of one, or a picture. */
export interface ExampleFeatures {
  /** The path below the data's folder, or as it was given; of a part of a recording with its seconds. */
  readonly id: string;
  /** As of `Example`; absent where there are no labels. */
  readonly target?: Float32Array;
  readonly group?: string;
  /** Where the data's authors put it. */
  readonly split?: SplitRole;
  /** `[windows, width]`: a row for each of the windows that cover it, of a picture one row. */
  readonly rows: Float32Array;
  /** The windows in seconds from the beginning of the file; absent for pictures. */
  readonly times?: readonly WindowTimes[];
}

/** Features of data. Plain data. */
export interface DataFeatures {
  /** A folder's or a list's name. */
  readonly data: string;
  readonly task: Task;
  /** The names of the classes or tags, or of the numbers; empty where there are no labels. */
  readonly classNames: readonly string[];
  readonly layer: string;
  /** Numbers in a row. */
  readonly width: number;
  readonly examples: readonly ExampleFeatures[];
  /** How many files could not be read. */
  readonly unread: number;
}

/** Data to compute features of. */
interface OpenedData {
  readonly kind: RunKind;
  readonly collection: Collection;
  readonly isLabelled: boolean;
}

/**
 * Computes the features of labelled data, or of recordings alone.
 * @param places one data set's name, folder or list, whose labels are read; or recordings and folders of them
 * @throws AuricleError "argument" for a layer that there is not, or a network for other data; as of the data where none can be read
 */
export async function dataFeatures(
  places: readonly string[],
  options: DataFeaturesOptions,
  controls: ReadControls,
): Promise<DataFeatures> {
  checkOptions("dataFeatures", options, OPTIONS, "places, ");
  const { from, layer } = options;
  const { threads } = controls;
  const warn = (text: string) => controls.observer.warning(text);
  const { kind, collection: opened, isLabelled } = await openData(places, controls);
  const request: RunRequest = { data: places[0], from, transfer: "frozen" };
  const first = await openFirstNetwork(from, kind.name, { threads, ...obtainOptions(controls) }, warn);
  const input = await kind.chooseInput(request, opened, first, warn);
  const store = await kind.prepare(opened, input, controls);
  const collection = kind.readable(opened, store);
  const { examples, task, classNames } = collection;
  if (examples.length === 0)
    throw new AuricleError("data", `${opened.name}: none of the ${opened.words.files} could be read`);
  const split = splitOf(request);
  const config = kind.newConfig(request, collection, { input, store, split, examples: examples.length });
  const parts = { train: examples, validation: [], test: [] };
  const job = await prepareJob(kind, config, store, { parts }, controls);
  const { width, rows } = await rowsOf(job, first.network, layer, controls);
  return {
    data: opened.name,
    task,
    classNames: isLabelled ? classNames : [],
    layer: layer ?? DEFAULT_LAYER,
    width,
    examples: examples.map((example, i) => ({
      id: example.id,
      ...(isLabelled && labelsOf(example)),
      rows: rows[i],
      ...(kind.windowTimes && { times: kind.windowTimes(job, example) }),
    })),
    unread: collection.problems.length,
  };
}

function labelsOf({ target, group, split }: Example): Pick<ExampleFeatures, "target" | "group" | "split"> {
  return { target, group, ...(split && { split }) };
}

async function rowsOf(
  job: Omit<Job, "path">,
  network: Network,
  layer: string | undefined,
  { observer, signal }: ReadControls,
): Promise<{ readonly width: number; readonly rows: readonly Float32Array[] }> {
  const model = job.kind.describe(network, job);
  const { train: examples } = job.parts;
  const unit = `${job.kind.name === "sound" ? "clips" : "images"} through the network`;
  // Those are kept in the cache, as training has them too.
  if (layer === undefined && model.network.outputLayer.layer.className === "Dense") {
    const onProgress = (progress: { readonly done: number; readonly examples: number }) =>
      observer.preparing({ ...progress, unit });
    return frozenFeatures(job, model, examples, { signal, onProgress });
  }
  const rows: Float32Array[] = [];
  let width = 0;
  const options = { ...(layer !== undefined && { layer }), ...(signal && { signal }) };
  for await (const one of windowEmbeddings(model, job, examples, options)) {
    rows.push(one.data);
    width = one.width;
    observer.preparing({ done: rows.length, examples: examples.length, unit });
  }
  return { width, rows };
}

/** Labelled data where one place holds such; otherwise recordings. */
async function openData(places: readonly string[], controls: ReadControls): Promise<OpenedData> {
  const [place] = places;
  if (places.length === 1 && !RECORDINGS.hasExtension(place)) {
    const kind = await kindOfData(place);
    try {
      return { kind, collection: await kind.open(place, controls), isLabelled: true };
    } catch (error) {
      if (!(error instanceof AuricleError) || error.code !== "data" || kind.name !== "sound") throw error;
      controls.observer.note(`No labels are read: ${error.message}`);
    }
  }
  return { kind: SOUND, collection: await recordingsAt(places, controls), isLabelled: false };
}

/** Recordings without labels, in the order given; those in folders in the order of their names. */
async function recordingsAt(places: readonly string[], { strict }: ReadControls): Promise<Collection> {
  const problems: FileProblem[] = [];
  const { paths } = await PredictedFiles.find(places, RECORDINGS, {
    ...(strict !== undefined && { strict }),
    showProblem: (problem) => problems.push(problem),
  });
  const unlabelled = { target: new Float32Array(1), label: -1, split: undefined, start: 0, end: undefined };
  const examples = paths.map((path) => ({ ...unlabelled, id: path, path: resolve(path), group: path }));
  const [place] = places;
  const name = places.length === 1 ? basename(place) : `${paths.length} files`;
  return audioCollection({
    name,
    folder: resolve(place),
    task: "tagging",
    // Never shown.
    classNames: ["unlabelled"],
    words: RECORDINGS.words,
    examples,
    problems,
  });
}

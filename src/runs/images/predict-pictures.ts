/** @file Predictions of a model for pictures: files, all files in folders, and the pictures of archives. Browser-safe. */

import type { FileProblem, KnownRole, Task } from "../../data/audio/index.ts";
import { PICTURES } from "../../data/images/medium.ts";
import { openPictureFile } from "../../data/images/picture-file.ts";
import { ImageModel } from "../../image-model/image-model.ts";
import type { Warn } from "../observer.ts";
import { PredictedFiles } from "../predicted-files.ts";
import { rolesByContent } from "../provenance-file.ts";
import { contentKey } from "../../data/collection/content-hashes.ts";
import type { TrainedModel } from "../trained-model.ts";

/** A model's prediction for one picture. */
export interface PicturePrediction {
  /** The file, as it was given or found in a folder that was given; of the test part, the example's id. */
  readonly path: string;
  /** Where many pictures have one name: its number, from 0. */
  readonly example?: number;
  /** Its true answer: a class, tags or numbers, as a target. undefined where it is not known. */
  readonly target?: Float32Array;
  readonly task: Task;
  readonly classNames: readonly string[];
  /** Probabilities of classes or tags, or numbers. */
  readonly outputs: Float32Array;
  /** Where the model was trained on this very picture, or chosen by it: its answer tells nothing about new ones. */
  readonly seenIn?: "training" | "validation";
}

export interface PredictPicturesOptions {
  /** Stops at the first picture that cannot be read. */
  readonly strict?: boolean;
  /** Told of files that can be read all the same. */
  readonly warn: Warn;
  /** Ends the predictions soon, with its reason. */
  readonly signal?: AbortSignal;
}

/** Pictures that are computed at once. */
const BATCH_SIZE = 32;

/**
 * Looks at each picture, in the order given; folders are searched, in the order of names, in which numbers count as such.
 * @param show is called with each answer as it is there
 * @param showProblem is called for each picture that cannot be read
 * @returns how many pictures could not be read
 * @throws AuricleError "file" when the model is damaged, "data" or "file" when no picture could be read.
 */
export async function predictPictures(
  trained: TrainedModel,
  places: readonly string[],
  options: PredictPicturesOptions,
  show: (prediction: PicturePrediction) => void,
  showProblem: (problem: FileProblem) => void,
): Promise<number> {
  const looker = new ImageModel(trained.model, trained.path);
  const files = await PredictedFiles.find(places, PICTURES, { ...options, showProblem });
  const batches = new Batches(looker, await rolesByContent(trained), show, options.signal);
  for (const file of files.paths) {
    try {
      for await (const seen of picturesIn(file, looker, options)) await batches.add(seen);
    } catch (error) {
      await batches.flush();
      files.report(file, error);
    }
  }
  await batches.flush();
  return files.finish();
}

/** A picture before the network sees it. */
interface SeenPicture extends Pick<PicturePrediction, "path" | "example"> {
  readonly content: string;
  readonly input: Float32Array;
}

class Batches {
  private readonly looker: ImageModel;
  private readonly roles: ReadonlyMap<string, KnownRole>;
  private readonly show: (prediction: PicturePrediction) => void;
  private readonly signal: AbortSignal | undefined;
  private waiting: SeenPicture[] = [];

  constructor(
    looker: ImageModel,
    roles: ReadonlyMap<string, KnownRole>,
    show: (prediction: PicturePrediction) => void,
    signal: AbortSignal | undefined,
  ) {
    this.looker = looker;
    this.roles = roles;
    this.show = show;
    this.signal = signal;
  }

  async add(picture: SeenPicture): Promise<void> {
    this.waiting.push(picture);
    if (this.waiting.length === BATCH_SIZE) await this.flush();
  }

  async flush(): Promise<void> {
    const { waiting, looker, signal } = this;
    signal?.throwIfAborted();
    if (waiting.length === 0) return;
    this.waiting = [];
    const { task, classNames } = looker.description;
    const outputs = await looker.predictInputs(waiting.map(({ input }) => input));
    waiting.forEach(({ path, example, content }, i) => {
      const role = this.roles.get(contentKey(content));
      this.show({
        path,
        ...(example !== undefined && { example }),
        task,
        classNames,
        outputs: outputs[i],
        ...(role && { seenIn: role === "train" ? "training" : role }),
      });
    });
  }
}

async function* picturesIn(
  path: string,
  looker: ImageModel,
  { warn, signal }: PredictPicturesOptions,
): AsyncGenerator<SeenPicture> {
  signal?.throwIfAborted();
  const file = await openPictureFile(path);
  for (let example = 0; example < file.length; example++) {
    const { image, content, warnings } = await file.picture(example);
    for (const warning of warnings) await warn(`${path}: ${warning}`);
    const input = looker.input(image);
    yield { path, ...(file.holdsMany && { example }), content, input };
  }
}

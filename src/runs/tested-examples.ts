/** @file The examples that a finished run was tested on, and where their recordings and pictures are. Browser-safe. */

import { dirname, join, resolve } from "#here/io/path";
import * as z from "zod/mini";
import type { AudioClip, Example } from "../data/audio/index.ts";
import { AuricleError } from "../errors.ts";
import type { ObtainOptions } from "../data/obtain-options.ts";
import { readJson } from "./json-file.ts";
import { readRun } from "./kinds.ts";
import { hasRun } from "./run-folder.ts";
import type { ExampleOriginal } from "./run-kind.ts";
import { PREDICTIONS_NAME } from "./run-result.ts";

/** An example of the test or the validation part. */
export interface TestedExample {
  /** The name of the part: "test", "validation". */
  readonly part: string;
  readonly id: string;
  /** Where it is a part of its file: from when on, and up to when, in seconds; without `end` up to the end of the file. */
  readonly start?: number;
  readonly end?: number;
}

export interface TestedExamples {
  /** In the order of predictions.json, one part after the other. */
  readonly examples: readonly TestedExample[];
  /**
   * Finds the content of an example.
   * @param number from 0, in the order of `examples`
   * @throws AuricleError "argument" for a number that there is not, "data" or "file" where the example is gone.
   */
  original(number: number): Promise<ExampleOriginal>;
}

const predictions = z.record(z.string(), z.array(z.looseObject({ id: z.string() })));

/** Finds the folder of the run that a model is of: its own place, or the folder that the model file lies in. */
export async function runFolderOf(model: string): Promise<string | undefined> {
  for (const path of [model, dirname(resolve(model))]) if (await hasRun(path)) return path;
  return undefined;
}

/**
 * Opens the data of a run as they are now, and finds the examples of its predictions among them.
 * @param obtain how files of data sets are found. Default: nothing is downloaded.
 * @throws AuricleError "file" for a run that is not finished or is damaged; "data" or "file" where the data are gone.
 */
export async function openTestedExamples(
  run: string,
  obtain: Pick<ObtainOptions, "dataFolder" | "download"> = { download: false },
): Promise<TestedExamples> {
  const path = join(run, PREDICTIONS_NAME);
  const predicted = predictions.safeParse(await readJson(path));
  if (!predicted.success) {
    throw new AuricleError("file", `${path}: not predictions that this version of Auricle reads`);
  }
  const { kind, config } = await readRun(run);
  const collection = await kind.open(config.data, { ...config.reading, ...obtain });
  const found = new Map(collection.examples.map((example) => [example.id, example]));
  const examples = Object.entries(predicted.data).flatMap(([part, clips]) =>
    clips.map(({ id }): TestedExample => ({ part, id, ...partOfFile(found.get(id)) })),
  );
  return {
    examples,
    async original(number) {
      if (!(number >= 0 && number < examples.length)) {
        throw new AuricleError(
          "argument",
          `${run}: it was tested on ${examples.length} examples; got number ${number}`,
        );
      }
      const { id } = examples[number];
      const example = found.get(id);
      if (!example) throw new AuricleError("data", `${collection.folder}: ${JSON.stringify(id)} is gone`);
      return kind.original(collection, example);
    },
  };
}

/** The times of a clip that is not the whole of its file. */
function partOfFile(example: Example | undefined): Pick<TestedExample, "start" | "end"> {
  if (!example || !isClip(example)) return {};
  const { start, end } = example;
  return { ...((start > 0 || end !== undefined) && { start }), ...(end !== undefined && { end }) };
}

function isClip(example: Example): example is AudioClip {
  return "start" in example;
}

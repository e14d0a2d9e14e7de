/** @file The inputs that can be explained: files, and examples of a run's own test part. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import type { ObtainOptions } from "../../data/obtain-options.ts";
import type { ExampleOriginal } from "../run-kind.ts";
import { openTestedExamples, runFolderOf } from "../tested-examples.ts";
import type { TrainedModel } from "../trained-model.ts";

/** An example of the test part of the model's run. */
export interface TestedInput extends Pick<ObtainOptions, "dataFolder" | "download"> {
  /** Its number, from 0. */
  readonly tested: number;
}

/** A file by its path, or an example of the test part. */
export type ExplainedInput = string | TestedInput;

/** An input that was found. */
export interface FoundInput {
  /** The path as it was given, or the example's id. */
  readonly name: string;
  /** Its number in the test part. */
  readonly tested?: number;
  readonly original: ExampleOriginal | { readonly path: string };
  /** Where it is a part of a recording: from when on, and up to when, in seconds. */
  readonly span?: { readonly start: number; readonly end: number | undefined };
}

/** @throws AuricleError "argument" for a model without its run and a number that there is not; "file" or "data" as `openTestedExamples` */
export async function findInput({ path: place }: TrainedModel, input: ExplainedInput): Promise<FoundInput> {
  if (typeof input === "string") return { name: input, original: { path: input } };
  const { tested, ...obtain } = input;
  const run = await runFolderOf(place);
  if (run === undefined) {
    throw new AuricleError(
      "argument",
      `${place}: the examples of a test part are those of a run; name the run's folder, or a file to explain`,
    );
  }
  const { examples, original } = await openTestedExamples(run, obtain);
  const all = [...examples.entries()].filter(([, { part }]) => part === "test");
  if (!(Number.isInteger(tested) && tested >= 0 && tested < all.length)) {
    const held = all.length === 0 ? "no examples" : `the examples 0 … ${all.length - 1}`;
    throw new AuricleError("argument", `${run}: the test part has ${held}; got number ${tested}`);
  }
  const [number, { id, start, end }] = all[tested];
  return {
    name: id,
    tested,
    original: await original(number),
    ...((start !== undefined || end !== undefined) && { span: { start: start ?? 0, end } }),
  };
}

/** The file of an input. @throws AuricleError "file" for a picture of an archive, which no recording is. */
export function fileOf({ name, original }: FoundInput): string {
  if ("path" in original) return original.path;
  throw new AuricleError("file", `${name}: it is a picture, and the model is one of sound`);
}

/** @file The state of a model's files: another one where they were written again. Browser-safe. */

import { join } from "#here/io/path";
import { store } from "#here/io/store/store";
import { RUN_FILES } from "./run-folder.ts";

/** The files of a run on which its model depends. */
const MODEL_FILES = [RUN_FILES.config, RUN_FILES.best, RUN_FILES.last, RUN_FILES.previous];

/** Tells by sizes and times of the files, without reading them. @param place a run's folder, or a model file */
export async function modelState(place: string): Promise<string> {
  const files = [place, ...MODEL_FILES.map((name) => join(place, name))];
  const states = await Promise.all(
    files.map((path) =>
      store.look(path).then(
        ({ kind, signature }) => (kind === "file" ? signature : ""),
        () => "",
      ),
    ),
  );
  return JSON.stringify(states);
}

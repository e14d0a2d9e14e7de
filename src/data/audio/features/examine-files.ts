/** @file The files that clips are in: the facts available before they are read. Browser-safe. */

import { fileError } from "../../../io/atomic-file.ts";
import { problemOf } from "../../../io/file-problem.ts";
import type { AudioClip } from "../collection.ts";
import { fileState, type ContentIndex, type FileState } from "./cache/content-index.ts";
import type { ClipRange, FileTask, ProcessorMessage } from "./workers/messages.ts";

export interface ExaminedFile {
  readonly task: FileTask;
  readonly state: FileState;
}

/** At once: enough to keep a disk busy. */
const FILES_AT_ONCE = 32;

/** One entry for each file, in the order of the clips; a file that is no recording is told as a problem. */
export async function examineFiles(
  clips: readonly AudioClip[],
  index: ContentIndex,
  tell: (message: ProcessorMessage) => void,
): Promise<Map<string, ExaminedFile>> {
  const ranges = new Map<string, ClipRange[]>();
  clips.forEach(({ path, start, end }, clip) => {
    const list = ranges.get(path) ?? [];
    ranges.set(path, list);
    list.push({ clip, start, end });
  });
  const paths = [...ranges.keys()];
  const files = new Map<string, ExaminedFile>();
  for (let first = 0; first < paths.length; first += FILES_AT_ONCE) {
    const some = paths.slice(first, first + FILES_AT_ONCE);
    const states = await Promise.all(some.map(stateOrProblem));
    some.forEach((path, i) => {
      const own = ranges.get(path) ?? [];
      const state = states[i];
      if (typeof state === "string") {
        for (const { clip } of own) tell({ kind: "problem", clip, problem: state });
      } else {
        const { signature } = state;
        files.set(path, { state, task: { path, content: index.find(path, state), signature, clips: own } });
      }
    });
  }
  return files;
}

async function stateOrProblem(path: string): Promise<FileState | string> {
  try {
    const state = await fileState(path);
    if (!state.isFile) return "not a file";
    return state.bytes === 0 ? "empty file" : state;
  } catch (cause) {
    return problemOf(path, fileError("read", path, cause));
  }
}

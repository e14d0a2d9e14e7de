/** @file Collections and files for tests. Nothing decodes them, so they need no sound. */

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { buildAudioCollection, type AudioCollection, type ClipEntry } from "../collection.ts";
import type { Task } from "../../collection/collection.ts";

/** A collection of clips that are not on any disk; a clip without a name is called by its number. */
export function collectionOf(
  entries: readonly Partial<ClipEntry>[],
  task: Task = "classification",
): AudioCollection {
  const named = entries.map((entry, i): ClipEntry => {
    const name = entry.name ?? `${i}.wav`;
    return { path: `/data/${name}`, ...entry, name };
  });
  const count = named[0].numbers?.length ?? 0;
  const classNames = task === "regression" ? Array.from({ length: count }, (_, i) => `n${i}`) : undefined;
  return buildAudioCollection({
    name: "made",
    folder: "/data",
    task,
    entries: named,
    problems: [],
    ...(classNames && { classNames }),
  });
}

/** Writes files below a folder; each has one byte, or the given text. */
export async function writeFiles(
  folder: string,
  files: readonly string[] | Readonly<Record<string, string>>,
): Promise<void> {
  const contents: [string, string][] = Array.isArray(files)
    ? files.map((name: string) => [name, "x"])
    : Object.entries(files);
  for (const [name, content] of contents) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

/** @file The notes as a folder of wav files with a list of their pitches. Node only. */

import { join } from "node:path";
import { writeFileAtomic } from "../../../io/atomic-file.ts";
import { completeNotesOptions, notesPlan, renderNote, type NotesOptions } from "./notes.ts";
import { claimFolder, isComplete, writeSound } from "./rendering-file.ts";
import type { RenderingProgress } from "./styles-file.ts";

/**
 * Writes the notes of `notesPlan` as wav files of 16 bits, `<folder>/flute/flute.00007.wav`, and `<folder>/notes.csv`
 * with the columns path, label (the pitch: a MIDI note number with its fraction) and group (the instrument). Files
 * that are there already are left alone, so an interrupted call is continued by the next one with the same options.
 * @returns the path of the list.
 * @throws AuricleError "argument" for a number out of range; "data" when the folder holds anything else; "file" when
 * it cannot be written.
 */
export async function writeNotesFolder(
  folder: string,
  options: NotesOptions = {},
  onProgress?: (progress: RenderingProgress) => void,
): Promise<string> {
  const notes = notesPlan(options);
  await claimFolder(folder, { data: "notes", ...completeNotesOptions(options) });
  let done = 0;
  for (const note of notes) {
    if (!(await isComplete(folder, note))) await writeSound(folder, note, renderNote(note));
    onProgress?.({ done: ++done, total: notes.length });
  }
  const list = join(folder, "notes.csv");
  const rows = notes.map(({ path, pitch, group }) => `${path},${pitch},${group}`);
  await writeFileAtomic(list, `path,label,group\n${rows.join("\n")}\n`);
  return list;
}

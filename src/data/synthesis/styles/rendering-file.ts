/** @file Folders of rendered audio: their content, and writing of missing files. Node only. */

import { mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { MonoAudio } from "../../../audio/audio.ts";
import { encodeWav } from "../../../audio/write/encode-wav.ts";
import { AuricleError } from "../../../errors.ts";
import { errorCode, fileError, readFileBytes, writeFileAtomic } from "../../../io/atomic-file.ts";

/** To be raised whenever the same seed gives other sound. */
const VERSION = 1;

/** Describes the rendering in a folder; readers of data sets ignore dot-files. */
const DESCRIPTION_FILE = ".auricle-rendering.json";

/** Bytes of a wav file before its samples. */
const HEADER_BYTES = 44;

/** The settings that a folder is rendered from. */
export type RenderingDescription = Readonly<Record<string, string | number>>;

/** One sound and its place below the folder. */
export interface RenderedFile {
  readonly path: string;
  readonly seconds: number;
  readonly sampleRate: number;
}

/**
 * Makes sure that a folder is empty, or holds a rendering from the same description.
 * @throws AuricleError "data" when something else is in it; "file" when it cannot be read or made.
 */
export async function claimFolder(folder: string, description: RenderingDescription): Promise<void> {
  const wanted = JSON.stringify({ version: VERSION, ...description });
  let names: string[];
  try {
    await mkdir(folder, { recursive: true });
    names = await readdir(folder);
  } catch (cause) {
    throw fileError("use the folder", folder, cause);
  }
  const advice = "choose another folder, or remove this one";
  if (names.includes(DESCRIPTION_FILE)) {
    const found = new TextDecoder().decode(await readFileBytes(join(folder, DESCRIPTION_FILE))).trim();
    if (found === wanted) return;
    throw new AuricleError("data", `${folder}: it was rendered from ${found}, not from ${wanted}; ${advice}`);
  }
  if (names.length > 0) {
    const list = names.slice(0, 3).join(", ");
    throw new AuricleError(
      "data",
      `${folder}: it is not empty (${list}), and was not rendered by Auricle; ${advice}`,
    );
  }
  await writeFileAtomic(join(folder, DESCRIPTION_FILE), `${wanted}\n`);
}

/** Whether a file is there in its full length. */
export async function isComplete(folder: string, file: RenderedFile): Promise<boolean> {
  try {
    const { size } = await stat(join(folder, file.path));
    return size === HEADER_BYTES + 2 * Math.round(file.seconds * file.sampleRate);
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return false;
    throw fileError("look at", join(folder, file.path), cause);
  }
}

/** Writes a sound as a wav file of 16 bits, whole or not at all; makes the folders on the way. */
export async function writeSound(folder: string, file: RenderedFile, audio: MonoAudio): Promise<void> {
  const path = join(folder, file.path);
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (cause) {
    throw fileError("create the folder", dirname(path), cause);
  }
  await writeFileAtomic(path, encodeWav({ sampleRate: audio.sampleRate, channels: [audio.samples] }));
}

/** @file Folders of recordings for tests. */

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { encodeWav, type WavBitDepth } from "../../../../audio/write/encode-wav.ts";
import type { AudioClip } from "../../collection.ts";
import { RATE } from "./music.ts";

export interface Sound {
  readonly channels: readonly Float32Array[];
  readonly sampleRate?: number;
  /** Default 16. */
  readonly bitDepth?: WavBitDepth;
}

/** The content to write: samples of one channel at RATE, more about a sound, or the bytes of a file. */
export type Content = Float32Array | Sound | Uint8Array;

/** Writes files below a folder. Names are paths with `/`. */
export async function writeSounds(folder: string, files: Readonly<Record<string, Content>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content instanceof Uint8Array ? content : bytesOf(content));
  }
}

function bytesOf(content: Float32Array | Sound): Uint8Array {
  const sound = content instanceof Float32Array ? { channels: [content] } : content;
  const { channels, sampleRate = RATE, bitDepth = 16 } = sound;
  return encodeWav({ channels, sampleRate }, { bitDepth });
}

/** A clip for each file, all of them alike labelled. */
export function clipsOf(folder: string, names: readonly string[]): AudioClip[] {
  return names.map((name) => ({
    id: name,
    path: join(folder, name),
    start: 0,
    end: undefined,
    target: Float32Array.of(1, 0),
    label: 0,
    group: name,
    split: undefined,
  }));
}

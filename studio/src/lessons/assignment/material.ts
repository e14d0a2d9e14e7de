/** @file The recordings that are trained on: excerpts of tracks with their classes, and the part in which each of them is. */
import { deriveKey, Generator } from "auricle";

/** Seconds of an excerpt at most. */
export const EXCERPT_SECONDS = 3;
/** Excerpts of a track at most. */
export const EXCERPTS = 2;
/** Hz at which excerpts are kept. */
export const SAMPLE_RATE = 22_050;

export type Part = "train" | "validation" | "test";
/** The sizes of the parts, in proportion. */
const SHARES: Readonly<Record<Part, number>> = { train: 6, validation: 2, test: 3 };
const PARTS = Object.keys(SHARES) as Part[];
/** Tracks of a class at the least: one for each part. */
export const FEWEST_TRACKS = PARTS.length;

/** "tracks": all excerpts of a track are in one part. "excerpts": they are dealt out one by one, which leaks. */
export type Split = "tracks" | "excerpts";

export interface Excerpt {
  /** Its class, by the place of the name in the material's. */
  readonly label: number;
  /** The track that it is from, within its class. */
  readonly track: number;
  /** The file below its part, in a folder of its class: "blues/blues.00003.1.wav". */
  readonly path: string;
  /** As it is shown to the reader: "blues.00003.1.wav". */
  readonly title: string;
}

/** Recordings in classes. */
export interface Material {
  /** The name under which a session has it. */
  readonly name: string;
  /** In alphabetical order, as a training has them. */
  readonly classNames: readonly string[];
  readonly excerpts: readonly Excerpt[];
  /** Whether the studio has made it itself. */
  readonly isBuiltIn: boolean;
  /** Makes the excerpts, as wav files by their paths. @param tell takes the part that is done, 0 … 1 */
  load(tell: (part: number) => void): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>>;
}

/** How many of `count` belong in each part: at least one where there are enough, the rest in proportion. */
export function sharesOf(count: number): Readonly<Record<Part, number>> {
  const all = SHARES.train + SHARES.validation + SHARES.test;
  const shareOf = (part: Part) => Math.max(1, Math.round((count * SHARES[part]) / all));
  const [validation, test] = [shareOf("validation"), shareOf("test")];
  return { train: count - validation - test, validation, test };
}

/**
 * Puts each excerpt in a part, class by class, by chance but always the same.
 * @returns parts by the excerpts' paths
 */
export function partsOf({ classNames, excerpts }: Material, split: Split): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  classNames.forEach((_, label) => {
    const own = excerpts.filter((one) => one.label === label);
    const units = split === "tracks" ? tracksOf(own) : own.map((one) => [one]);
    const order = new Generator(deriveKey(5, "split", split, label)).shuffle(units);
    const shares = sharesOf(order.length);
    let at = 0;
    for (const part of PARTS) {
      for (const { path } of order.slice(at, (at += shares[part])).flat()) parts.set(path, part);
    }
  });
  return parts;
}

function tracksOf(excerpts: readonly Excerpt[]): Excerpt[][] {
  const tracks = new Map<number, Excerpt[]>();
  for (const one of excerpts) tracks.set(one.track, [...(tracks.get(one.track) ?? []), one]);
  return [...tracks.values()];
}

/** Counts the excerpts of the test part, and those of them of whose track another one is in training. */
export function leakOf(material: Material, split: Split): { readonly leaked: number; readonly of: number } {
  const parts = partsOf(material, split);
  const trackOf = ({ label, track }: Excerpt) => `${label} ${track}`;
  const among = (part: Part) => material.excerpts.filter(({ path }) => parts.get(path) === part);
  const heard = new Set(among("train").map(trackOf));
  const tests = among("test");
  return { leaked: tests.filter((one) => heard.has(trackOf(one))).length, of: tests.length };
}

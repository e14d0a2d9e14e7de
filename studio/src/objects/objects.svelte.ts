/**
 * @file The few objects that all views share: one sound and one picture. A reader who changes them keeps them through all lessons, as long
 * as the page is open; files stay on the reader's machine.
 */
import { media } from "../engine/media.ts";
import type { Sound } from "../sound/player.svelte.ts";
import { phrase, stereoPhrase } from "./phrase.ts";

/** A picture with values from 0 to 1, [height, width, channels]; 1 channel is grey, 3 are red, green and blue. */
export interface Picture {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly values: Float32Array;
}

let sound = $state.raw<Sound>(phrase());
let picture = $state.raw<Picture>();

/** The sound of all views; at first the plucked phrase. */
export function currentSound(): Sound {
  return sound;
}

export function chooseSound(next: Sound): void {
  sound = next;
}

/** The picture of all views; undefined until the first one was loaded. */
export function currentPicture(): Picture | undefined {
  return picture;
}

export function choosePicture(next: Picture): void {
  picture = next;
}

/** The sounds that the studio brings. */
export const BUILT_IN_SOUNDS: readonly { readonly name: string; readonly load: () => Promise<Sound> }[] = [
  { name: "Plucked phrase", load: () => Promise.resolve(phrase()) },
  { name: "The same in stereo", load: () => Promise.resolve(stereoPhrase()) },
  {
    name: "The word “seven”",
    load: () => builtIn("seven.wav", (bytes) => decodeSound(bytes, "The word “seven”")),
  },
];

/** The pictures that the studio brings. */
export const BUILT_IN_PICTURES: readonly { readonly name: string; readonly load: () => Promise<Picture> }[] =
  [{ name: "Cat", load: () => builtIn("cat.jpg", (bytes) => decodePicture(bytes, "Cat")) }];

/** Loads the first of the pictures unless there is one. */
export async function ensurePicture(): Promise<void> {
  const [first] = BUILT_IN_PICTURES;
  if (!picture && first) picture = await first.load();
}

/** @throws an error that names the file when it is no sound that can be decoded */
export async function openSoundFile(file: File): Promise<void> {
  sound = await decodeSound(file, file.name);
}

/** @throws an error that names the file when it is no picture that can be decoded */
export async function openPictureFile(file: File): Promise<void> {
  picture = await decodePicture(file, file.name);
}

/** Seconds of a recording whose channels can be looked at one by one: longer ones are held as their mean alone. */
export const LONGEST_STEREO = 60;

export async function decodeSound(file: Blob, name: string): Promise<Sound> {
  const { samples, sampleRate, channels } = await media().sound(file, name);
  if (channels === 1) return { name, samples, sampleRate, file };
  const isShort = samples.length <= LONGEST_STEREO * sampleRate;
  let decoded: Promise<readonly Float32Array[]> | undefined;
  const read = () => (decoded ??= media().channels(file, name));
  return { name, samples, sampleRate, file, recorded: { channels, ...(isShort && { read }) } };
}

export async function decodePicture(file: Blob, name: string): Promise<Picture> {
  const { width, height, channels, values } = await media().picture(file, name);
  return { name, width, height, channels, values };
}

async function builtIn<T>(file: string, decode: (file: Blob) => Promise<T>): Promise<T> {
  const response = await fetch(`./objects/${file}`);
  if (!response.ok) throw new Error(`${file}: the studio's server answered ${response.status}`);
  return decode(await response.blob());
}

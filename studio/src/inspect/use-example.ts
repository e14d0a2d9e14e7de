/** @file Examples of a set or of a test part, to be heard, seen, and looked into. */
import type { ModelInspection } from "auricle/session";
import { currentSound, decodeSound, openPictureFile, openSoundFile } from "../objects/objects.svelte.ts";
import { play, type Sound } from "../sound/player.svelte.ts";

/** A recording or a picture, and the part of a recording that is meant, in seconds. */
export interface Playable {
  readonly id: string;
  readonly file: Blob;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** Makes an example the input of all views; a recording is played. @throws an error that names it where it cannot be decoded */
export async function useExample(
  { id, file, start, end }: Playable,
  kind: ModelInspection["kind"],
): Promise<void> {
  const named = new File([file], id.slice(id.lastIndexOf("/") + 1));
  if (kind === "images") return openPictureFile(named);
  await openSoundFile(named);
  play(currentSound(), start, end);
}

/** The recording that was heard last: of a long one the next place is heard at once. */
let decoded: { readonly file: Blob; readonly sound: Promise<Sound> } | undefined;

/** The recording of an example. @throws as {@link useExample} */
export function soundOf({ id, file }: Pick<Playable, "id" | "file">): Promise<Sound> {
  if (decoded?.file !== file) decoded = { file, sound: decodeSound(file, id) };
  return decoded.sound;
}

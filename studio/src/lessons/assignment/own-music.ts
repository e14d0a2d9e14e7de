/** @file The reader's own recordings, decoded and cut in a worker: whatever cannot be used is named and left out. */
import { wrap } from "comlink";
import type { FolderFile } from "../../objects/folder-files.ts";
import type { ExcerptMaker } from "./excerpts.worker.ts";
import { FEWEST_TRACKS, type Excerpt, type Material } from "./material.ts";
import { mostOfEach, planFolder, requireTwo, tooFew, type PlannedClass } from "./plan-folder.ts";

export interface OpenedFolder {
  readonly material: Material;
  /** Sentences on what was left out, and why. */
  readonly notes: readonly string[];
}

/** The cuts of one recording, as wav files. */
type Decoded = readonly Uint8Array<ArrayBuffer>[];
type Decode = (file: Blob, name: string) => Promise<Decoded>;

interface ClassTracks {
  readonly name: string;
  readonly tracks: readonly { readonly path: string; readonly excerpts: Decoded }[];
}

let opened = 0;

/**
 * Opens a folder: classes by its folders, and as many recordings of each as a training in a page takes.
 * @param tell takes the part that is done, 0 … 1
 * @throws an error that says what is missing where there are not two classes that can be used
 */
export async function openFolder(
  files: readonly FolderFile[],
  tell: (part: number) => void,
): Promise<OpenedFolder> {
  const worker = new Worker(new URL("./excerpts.worker.ts", import.meta.url), { type: "module" });
  const maker = wrap<ExcerptMaker>(worker);
  try {
    return await readFolder(files, (file, name) => maker.decode(file, name), tell);
  } finally {
    worker.terminate();
  }
}

/** Does the same with a decoder of the caller's. */
export async function readFolder(
  files: readonly FolderFile[],
  decode: Decode,
  tell: (part: number) => void,
): Promise<OpenedFolder> {
  const plan = planFolder(files);
  const notes = [...plan.notes];
  const most = mostOfEach(plan.classes.length);
  const wanted = plan.classes.reduce((sum, one) => sum + Math.min(most, one.files.length), 0);
  let done = 0;
  const classes: ClassTracks[] = [];
  for (const planned of plan.classes) {
    const found = await decodeClass(planned, most, decode, () => tell(Math.min(1, ++done / wanted)));
    notes.push(...found.notes);
    if (found.tracks.length < FEWEST_TRACKS) notes.push(tooFew(planned.name, found.tracks.length));
    else classes.push({ name: planned.name, tracks: found.tracks });
  }
  requireTwo(classes.length, notes);
  return { material: materialOf(classes), notes };
}

async function decodeClass({ name, files }: PlannedClass, most: number, decode: Decode, tell: () => void) {
  const tracks: { readonly path: string; readonly excerpts: Decoded }[] = [];
  const notes: string[] = [];
  for (const { path, file } of files) {
    if (tracks.length === most) break;
    try {
      tracks.push({ path, excerpts: await decode(file, path) });
      tell();
    } catch (error) {
      notes.push(`${error instanceof Error ? error.message : String(error)}. It is left out.`);
    }
  }
  const rest = files.length - notes.length - tracks.length;
  if (rest > 0) {
    notes.push(
      `Of “${name}” ${most} recordings are taken, by chance, and ${rest} are not, so that it trains in this page.`,
    );
  }
  return { tracks, notes };
}

function materialOf(classes: readonly ClassTracks[]): Material {
  const contents = new Map<string, Uint8Array<ArrayBuffer>>();
  const excerpts = classes.flatMap(({ name, tracks }, label) =>
    tracks.flatMap(({ path, excerpts: parts }, track) =>
      parts.map((file, i): Excerpt => {
        const one = {
          label,
          track,
          path: `${name}/${String(track).padStart(5, "0")}.${i}.wav`,
          title:
            parts.length > 1 ? `${path.replace(/^.*\//, "")}, excerpt ${i + 1}` : path.replace(/^.*\//, ""),
        };
        contents.set(one.path, file);
        return one;
      }),
    ),
  );
  return {
    name: `own-${++opened}`,
    classNames: classes.map(({ name }) => name),
    excerpts,
    isBuiltIn: false,
    load: () => Promise.resolve(contents),
  };
}

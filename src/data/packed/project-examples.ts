/** @file The pictures and recordings of a project of Teachable Machine as examples. Browser-safe. */

import { extname, join } from "#here/io/path";
import { AuricleError } from "../../errors.ts";
import { projectSound, type TeachableMachineProject } from "../../formats/teachable-machine/project.ts";
import type { ZipFile } from "../../formats/zip/read-zip.ts";
import { crc32 } from "../../io/crc32.ts";
import type { ClipEntry } from "../audio/collection.ts";
import { SOUND } from "../audio/medium.ts";
import type { FileProblem, SplitRole } from "../collection/collection.ts";
import type { Packed } from "./packed.ts";
import { diskName, unpackOnce, type UnpackedFile } from "./unpack-once.ts";

/** An archive that was read. */
export interface OpenedArchive {
  readonly path: string;
  readonly content: Uint8Array;
  readonly zip: ZipFile;
}

/** @throws AuricleError "file" for a project that is damaged, "data" for one whose sound is not in it. */
export function projectExamples(archive: OpenedArchive, project: TeachableMachineProject): Promise<Packed> {
  return project.kind === "audio" ? soundOf(archive, project) : picturesOf(archive, project);
}

const POSES =
  "This is a project of poses: Teachable Machine learns from the places of the joints in these images, a network here from the images";

async function picturesOf(
  { path, content, zip }: OpenedArchive,
  { kind, files }: TeachableMachineProject,
): Promise<Packed> {
  if (files.length === 0) throw new AuricleError("data", `${path}: the project has no examples`);
  const folders = foldersOf(files.map(({ className }) => className));
  const numbers = new Map<string, number>();
  const placed = files.map(({ className, path: inner }) => {
    const number = numbers.get(className) ?? 0;
    numbers.set(className, number + 1);
    const name = `${number}${extname(inner).toLowerCase()}`;
    return { className, inner, name: `${className}/${name}`, place: `${folders.get(className)}/${name}` };
  });
  const unpacked = placed.map(({ inner, place }) => ({ path: place, content: () => zip.read(inner) }));
  const folder = await unpackOnce(path, content, unpacked);
  return {
    medium: "pictures",
    entries: placed.map(({ className, name, place }) => ({
      name,
      path: join(folder, place),
      labels: [className],
    })),
    problems: [],
    notes: kind === "pose" ? [POSES] : [],
  };
}

function foldersOf(classNames: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map([...new Set(classNames)].map((className) => [className, diskName(className, taken)]));
}

/** A sample whose recording is in the project. */
interface Heard {
  readonly className: string;
  /** The recording's place below the folder. */
  readonly recording: string;
  readonly start: number;
  readonly end: number;
}

async function soundOf(
  { path, content, zip }: OpenedArchive,
  { files }: TeachableMachineProject,
): Promise<Packed> {
  const folders = foldersOf(files.map(({ className }) => className));
  const problems: FileProblem[] = [];
  const recordings: UnpackedFile[] = [];
  const classOf = new Map<string, string>();
  const heard: Heard[] = [];
  files.forEach(({ className, path: inner }, part) => {
    const place = `${path}/${inner}`;
    const { samples, read } = projectSound(zip.read(inner), place);
    const placeOf = (recording: string) =>
      `${folders.get(className)}/${part}-${recording.replace(/[/\\]/g, "_")}`;
    const there = samples.flatMap(({ recording, start, end }): Heard[] =>
      recording === undefined ? [] : [{ className, recording: placeOf(recording), start, end }],
    );
    const silent = samples.length - there.length;
    if (silent > 0) {
      const problem = `${silent} of ${samples.length} samples are spectrograms alone, whose sound is not in the project`;
      problems.push({ path: place, problem });
    }
    for (const recording of new Set(samples.map((sample) => sample.recording))) {
      if (recording === undefined) continue;
      refuseForeign(recording, place);
      const bytes = read(recording);
      const key = `${bytes.length} ${crc32(bytes)}`;
      const other = classOf.get(key) ?? className;
      if (other !== className) throw sameSound(path, other, className);
      classOf.set(key, className);
      recordings.push({ path: placeOf(recording), content: () => bytes });
    }
    heard.push(...there);
  });
  if (heard.length === 0) {
    throw new AuricleError(
      "data",
      `${path}: the project has no recordings${problems.length > 0 ? ", only spectrograms" : ""}: record its samples again in Teachable ` +
        "Machine and save it, or give the recordings in a folder for each class",
    );
  }
  const folder = await unpackOnce(path, content, recordings);
  const { entries, isByTime } = divided(heard);
  return {
    medium: "sound",
    entries: entries.map((entry) => ({ ...entry, path: join(folder, entry.path) })),
    problems,
    notes: [],
    ...(isByTime && { officialLeaks: BY_TIME }),
  };
}

function refuseForeign(recording: string, place: string): void {
  if (SOUND.hasExtension(recording)) return;
  throw new AuricleError("file", `${place}: its recording ${recording} is of no kind that is read`);
}

/** Programs that make projects of spectrograms put some recording in, the same one in each class. */
function sameSound(path: string, a: string, b: string): AuricleError {
  return new AuricleError(
    "data",
    `${path}: "${a}" and "${b}" have the same recording, so that their sound is not in the project: another program made it of ` +
      "spectrograms, which are not read; give the recordings in a folder for each class",
  );
}

/** Fewer recordings of a class cannot serve training, validation and test. */
const LEAST_RECORDINGS = 3;

/** The shares of validation and test where recordings are divided by time. */
const HELD_OUT_SHARE = 0.15;

const BY_TIME =
  "A class of this project has fewer than three recordings, so recordings are divided by time: training has their beginnings, test " +
  "their ends. The test therefore says how well the model knows these recordings; it will do worse on others";

/** Each class's samples: whole recordings stay together where there are enough of them. */
function divided(heard: readonly Heard[]): { readonly entries: ClipEntry[]; readonly isByTime: boolean } {
  const byClass = new Map<string, Heard[]>();
  for (const sample of heard)
    byClass.set(sample.className, [...(byClass.get(sample.className) ?? []), sample]);
  const isByTime = [...byClass.values()].some(
    (samples) => new Set(samples.map(({ recording }) => recording)).size < LEAST_RECORDINGS,
  );
  const entries = [...byClass.values()].flatMap((samples) => {
    const roles = isByTime ? rolesByTime(samples) : new Map<Heard, SplitRole>();
    return samples.map((sample): ClipEntry => {
      const { className, recording, start, end } = sample;
      const split = roles.get(sample);
      const file = recording.slice(recording.indexOf("/") + 1);
      return {
        name: `${className}/${file}`,
        path: recording,
        labels: [className],
        start,
        end,
        ...(split && { split }),
      };
    });
  });
  return { entries, isByTime };
}

function rolesByTime(samples: readonly Heard[]): Map<Heard, SplitRole> {
  const inTime = [...samples].sort(
    (a, b) => Number(a.recording > b.recording) - Number(a.recording < b.recording) || a.start - b.start,
  );
  const held = Math.max(1, Math.round(HELD_OUT_SHARE * inTime.length));
  const roleAt = (i: number): SplitRole => {
    if (i === 0 || i < inTime.length - 2 * held) return "train";
    return i < inTime.length - held ? "validation" : "test";
  };
  return new Map(inTime.map((sample, i) => [sample, roleAt(i)]));
}

/** @file The content of a folder of recordings by the paths of its files: classes, and files that are left out. */
import { AUDIO_FILE_EXTENSIONS } from "auricle/audio";
import { Generator } from "auricle";
import type { FolderFile } from "../../objects/folder-files.ts";
import { FEWEST_TRACKS } from "./material.ts";

export interface PlannedClass {
  readonly name: string;
  /** In an order by chance, which is always the same: the first of them that can be decoded are taken. */
  readonly files: readonly FolderFile[];
}

export interface FolderPlan {
  /** In alphabetical order. */
  readonly classes: readonly PlannedClass[];
  /** Sentences on what is left out, and why. */
  readonly notes: readonly string[];
}

/** More classes than that are no lesson. */
const MOST_CLASSES = 12;

/** Recordings in all that a training in a page takes, whatever there is. */
const MOST_RECORDINGS = 120;

/** The number of recordings that are taken of each class. */
export function mostOfEach(classes: number): number {
  return Math.max(FEWEST_TRACKS, Math.floor(MOST_RECORDINGS / classes));
}

/**
 * Takes each folder below the chosen one for a class, with all recordings in it, however deep.
 * @throws an error that says what such a folder looks like where there are not two of them
 */
export function planFolder(all: readonly FolderFile[]): FolderPlan {
  const files = withoutRoot(all.filter(({ path }) => !path.split("/").some((name) => name.startsWith("."))));
  const isRecording = ({ path }: FolderFile) =>
    AUDIO_FILE_EXTENSIONS.some((extension) => path.toLowerCase().endsWith(extension));
  const [recordings, others] = [files.filter(isRecording), files.filter((one) => !isRecording(one))];
  const [inClasses, loose] = [
    recordings.filter(({ path }) => path.includes("/")),
    recordings.filter(({ path }) => !path.includes("/")),
  ];
  const classes = new Map<string, FolderFile[]>();
  for (const one of inClasses) {
    const name = one.path.split("/")[0];
    classes.set(name, [...(classes.get(name) ?? []), one]);
  }
  const names = [...classes.keys()].sort((a, b) => (a < b ? -1 : 1));
  const notes = [
    ...(others.length > 0
      ? [
          `${counted(others)} no ${others.length === 1 ? "recording by its name" : "recordings by their names"}: ${namesOf(others)}.`,
        ]
      : []),
    ...(loose.length > 0 ? [`${counted(loose)} in no folder of a class: ${namesOf(loose)}.`] : []),
  ];
  const small = names.filter((name) => (classes.get(name) ?? []).length < FEWEST_TRACKS);
  for (const name of small) notes.push(tooFew(name, (classes.get(name) ?? []).length));
  const whole = names.filter((name) => !small.includes(name));
  if (whole.length > MOST_CLASSES) {
    notes.push(
      `There are ${whole.length} classes; the first ${MOST_CLASSES} are taken, up to “${whole[MOST_CLASSES - 1]}”.`,
    );
  }
  const taken = whole.slice(0, MOST_CLASSES);
  requireTwo(taken.length, notes);
  return {
    classes: taken.map((name) => ({ name, files: shuffled(classes.get(name) ?? []) })),
    notes,
  };
}

/** @throws an error with what is known about the folder where there are fewer than two classes */
export function requireTwo(classes: number, notes: readonly string[]): void {
  if (classes >= 2) return;
  const found = classes === 1 ? "Only one class is left" : "No class was found";
  throw new Error(
    [
      `${found}. Choose a folder that holds a folder for each class, each with at least ${FEWEST_TRACKS} recordings: genres/blues/1.mp3, genres/jazz/1.mp3`,
      ...notes.map((note) => note.replace(/\.$/, "")),
    ].join(". "),
  );
}

/** Says that a class is left out. */
export function tooFew(name: string, recordings: number): string {
  return `“${name}” is left out: it has ${recordings === 1 ? "one recording" : `${recordings} recordings`}, and ${FEWEST_TRACKS} are needed, one for each part.`;
}

/** A folder that was chosen is the first name of all paths; several folders that were dropped are classes themselves. */
function withoutRoot(files: readonly FolderFile[]): readonly FolderFile[] {
  const roots = new Set(files.map(({ path }) => path.split("/")[0]));
  if (roots.size !== 1 || !files.some(({ path }) => path.split("/").length > 2)) return files;
  return files.map((one) => ({ ...one, path: one.path.slice(one.path.indexOf("/") + 1) }));
}

/** By name first, so that the order in which a browser lists files does not matter. */
function shuffled(files: readonly FolderFile[]): FolderFile[] {
  return new Generator(11).shuffle([...files].sort((a, b) => (a.path < b.path ? -1 : 1)));
}

function counted({ length }: readonly FolderFile[]): string {
  return length === 1 ? "One file is" : `${length} files are`;
}

/** The first names, and how many more there are. */
function namesOf(files: readonly FolderFile[]): string {
  const names = files.slice(0, 3).map(({ path }) => path);
  return files.length > names.length
    ? `${names.join(", ")} and ${files.length - names.length} more`
    : names.join(", ");
}

/** @file Pictures of which a file holds many: IDX files, CIFAR-10's, and data sets that are drawn. Browser-safe. */

import { readTarEntries } from "#here/data/images/tar-entries";
import { basename, dirname, join } from "#here/io/path";
import { AuricleError } from "../../errors.ts";
import { readFileBytes } from "../../io/atomic-file.ts";
import type { Entry } from "../collection/entry.ts";
import type { SplitRole } from "../collection/collection.ts";
import { labelsOf } from "../dataset.ts";
import type { DatasetRole } from "../definition.ts";
import { noteOfUnused } from "../packed/npz-parts.ts";
import type { Archive } from "./archive.ts";
import { CIFAR_FILE_BYTES, CIFAR_FILES, cifarDataset } from "./cifar.ts";
import { buildImageCollection, type ImageCollection } from "./collection.ts";
import { openNpzPictures } from "./npz-pictures.ts";
import { hasIdxImages, idxFiles, isIdxName, loadIdxFolder, namesIn } from "./idx-folder.ts";

export const ROLES: readonly DatasetRole[] = ["train", "test"];

/** The kind of archives that a folder holds, by the names of its files. */
export async function archivesIn(folder: string): Promise<"idx" | "cifar" | undefined> {
  const names = await namesIn(folder).catch(() => []);
  if (names.some(isIdxName)) return "idx";
  return names.some((name) => name === CIFAR_FILES.train[0] || name === CIFAR_FILES.test[0])
    ? "cifar"
    : undefined;
}

/** Opens an .npz file with pictures and labels; arrays that are neither are noted. */
export async function openNpzArchive(path: string): Promise<ImageCollection> {
  const { name, folder, archives, unused } = await openNpzPictures(path);
  return collectionOfArchives(name, folder, archives, noteOfUnused(unused));
}

/** Opens a folder of IDX or CIFAR-10 files; one that has no test part is taken as a training part alone. */
export async function openArchiveFolder(folder: string, kind: "idx" | "cifar"): Promise<ImageCollection> {
  const open = kind === "idx" ? openIdx : openCifar;
  const archives = [...(await open(folder, "train")), ...(await open(folder, "test"))];
  return collectionOfArchives(basename(folder), folder, archives);
}

/** Whether a file is a tar archive by its name: CIFAR-10 comes as one. */
export function isTarName(name: string): boolean {
  return /\.(tar|tgz|tar\.gz)$/i.test(name);
}

/** Opens the archive in which CIFAR-10's binary files are published. @throws AuricleError "file" where it lacks one. */
export async function openCifarArchive(path: string): Promise<ImageCollection> {
  const archives = await Promise.all(
    ROLES.map(async (role): Promise<Archive> => {
      const names = CIFAR_FILES[role];
      const contents = await readTarEntries(path, names, CIFAR_FILE_BYTES);
      const files = contents.map((bytes, i) => ({ path: `${path}/${names[i]}`, bytes }));
      return { path: `${path}/${role}`, role, pictures: cifarDataset(`${basename(path)} (${role})`, files) };
    }),
  );
  return collectionOfArchives(basename(path), dirname(path), archives);
}

async function openIdx(folder: string, role: DatasetRole): Promise<Archive[]> {
  if (role === "test" && !(await hasIdxImages(folder, role))) return [];
  const [path] = await idxFiles(folder, role);
  return [{ path, role, pictures: await loadIdxFolder(folder, role) }];
}

async function openCifar(folder: string, role: DatasetRole): Promise<Archive[]> {
  const present = new Set(await namesIn(folder));
  const names = CIFAR_FILES[role].filter((name) => present.has(name));
  if (names.length === 0 && role === "train") {
    throw new AuricleError("file", `${folder}: no training part: it must contain ${CIFAR_FILES.train[0]}`);
  }
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const pictures = cifarDataset(path, [{ path, bytes: await readFileBytes(path) }]);
      return { path, role, pictures };
    }),
  );
}

/** Archives come with their test part, which is kept as everybody has it. */
const OFFICIAL_LEAKS =
  "Some pictures of the test part are in the training part too, as the authors of these data divided them.";

export async function collectionOfArchives(
  name: string,
  folder: string,
  archives: readonly Archive[],
  notes: readonly string[] = [],
): Promise<ImageCollection> {
  const entries: Entry[] = [];
  const [{ pictures: first }] = archives;
  const classNames = first.classNames ?? [];
  const isSplit = new Set(archives.map(({ role }) => role)).size > 1;
  const counts = { train: 0, validation: 0, test: 0 };
  for (const { path, role, pictures } of archives) {
    const labels = await labelsOf(pictures);
    const split: SplitRole | undefined = isSplit ? role : undefined;
    labels.forEach((label, index) => {
      // The same whatever the file is called here: compressed or not.
      const named = `${role}#${counts[role]++}`;
      entries.push({ name: named, path, index, labels: [classNames[label]], ...(split && { split }) });
    });
  }
  return buildImageCollection(
    {
      name,
      folder,
      task: "classification",
      classNames,
      entries,
      problems: [],
      notes,
      ...(isSplit && { officialLeaks: OFFICIAL_LEAKS }),
    },
    new Map(archives.map(({ path, pictures }) => [path, pictures])),
  );
}

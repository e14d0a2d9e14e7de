/** @file Files that hold many recordings or pictures: projects of Teachable Machine, NumPy's arrays, and zip archives of folders. Browser-safe. */

import { basename, join } from "#here/io/path";
import { store } from "#here/io/store/store";
import { AuricleError } from "../../errors.ts";
import { openNpz } from "../../formats/npy/index.ts";
import { teachableMachineProject } from "../../formats/teachable-machine/project.ts";
import { openZip } from "../../formats/zip/read-zip.ts";
import { fileError, readFileBytes } from "../../io/atomic-file.ts";
import { claimPeriod } from "../../io/claims.ts";
import { buildAudioCollection, type AudioCollection } from "../audio/collection.ts";
import { isHidden } from "../collection/files.ts";
import { buildImageCollection, type ImageCollection } from "../images/collection.ts";
import { isNpzName } from "./npz-parts.ts";
import { rateNameIn, waveformExamples } from "./npz-waveforms.ts";
import type { Packed } from "./packed.ts";
import { projectExamples, type OpenedArchive } from "./project-examples.ts";
import { unpackOnce } from "./unpack-once.ts";

/** Whether a file is such an archive by its name. */
export function isPackedName(name: string): boolean {
  return /\.(tm|zip|npz)$/i.test(name);
}

/** The last one: what data are, and then the data, is asked for one after the other. */
let last: { readonly key: string; readonly packed: Promise<Packed> } | undefined;

/**
 * Opens an archive; its files are written to the user's cache at the first time.
 * @throws AuricleError "file" for one that is damaged or cannot be read, "data" for one without examples
 */
export async function openPacked(path: string): Promise<Packed> {
  const { signature } = await store.look(path).catch((cause: unknown) => {
    throw fileError("read", path, cause);
  });
  const key = `${path} ${signature} ${claimPeriod()}`;
  if (last?.key !== key) last = { key, packed: read(path) };
  return last.packed;
}

async function read(path: string): Promise<Packed> {
  const content = await readFileBytes(path);
  if (isNpzName(path)) {
    const arrays = openNpz(content, path);
    const rateName = rateNameIn(arrays);
    return rateName === undefined
      ? { medium: "archives" }
      : waveformExamples(arrays, rateName, path, content);
  }
  const archive = { path, content, zip: openZip(content, path) };
  const project = teachableMachineProject(archive.zip, path);
  return project ? projectExamples(archive, project) : folderOf(archive);
}

/** Names of files that are a network, not data to train it on. */
const NETWORK = /(^|\/)(model\.json|[^/]+\.(onnx|h5|keras|tflite|safetensors|pth))$/i;

/** Paths that would lead out of a folder, here or on another system. */
const UNSAFE = /^\/|\\|^[A-Za-z]:|(^|\/)\.\.(\/|$)|\0/;

async function folderOf({ path, content, zip }: OpenedArchive): Promise<Packed> {
  const unsafe = zip.paths.find((inner) => UNSAFE.test(inner));
  if (unsafe !== undefined) {
    throw new AuricleError(
      "file",
      `${path}: its entry ${JSON.stringify(unsafe)} would be written outside its folder; this archive cannot be trusted`,
    );
  }
  const files = zip.paths.flatMap((inner) => {
    const names = inner.split("/").filter((name) => name !== "." && name !== "");
    return names.some(isHidden) ? [] : [{ path: names.join("/"), content: () => zip.read(inner) }];
  });
  const network = files.find((file) => NETWORK.test(file.path));
  if (network !== undefined) {
    throw new AuricleError(
      "data",
      `${path}: holds a network (${network.path}), not examples to train one on; auricle import makes a model of it`,
    );
  }
  const outer = outerFolders(files.map((file) => file.path));
  return { medium: "folder", folder: join(await unpackOnce(path, content, files), ...outer) };
}

/** The folders around all others, as archives of one folder have one. */
function outerFolders(paths: readonly string[]): string[] {
  const [first = [], ...others] = paths.map((path) => path.split("/").slice(0, -1));
  // The last folder is a class.
  const most = Math.max(0, Math.min(...[first, ...others].map(({ length }) => length)) - 1);
  const end = first.findIndex((name, i) => i >= most || others.some((folders) => folders[i] !== name));
  return first.slice(0, Math.max(0, end));
}

/** Contents that are no folder. */
type PackedExamples = Exclude<Packed, { readonly medium: "folder" }>;

/** @throws AuricleError "data" where it holds pictures, or too little to learn from. */
export function packedSound(path: string, packed: PackedExamples): AudioCollection {
  if (packed.medium === "sound") return buildAudioCollection({ ...factsOf(path), ...packed });
  throw new AuricleError("data", `${path}: holds images, and recordings are needed here`);
}

/** @throws AuricleError "data" where it holds recordings, or too little to learn from. */
export function packedPictures(path: string, packed: PackedExamples): ImageCollection {
  if (packed.medium === "pictures") return buildImageCollection({ ...factsOf(path), ...packed });
  throw new AuricleError("data", `${path}: holds recordings, and images are needed here`);
}

function factsOf(path: string) {
  return { name: basename(path), folder: path, task: "classification" } as const;
}

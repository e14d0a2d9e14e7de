/** @file Opens a file to be imported. */

import { open, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AuricleError } from "../../errors.ts";
import { errorCode, fileError, readFileBytes } from "../../io/atomic-file.ts";
import { formatBytes } from "../text.ts";
import type { ImportedFile } from "./importer.ts";

/** Formats tell themselves apart within so many bytes. */
const HEAD_BYTES = 4096;

/** One array of Node.js holds about as much; published networks are far smaller. */
const MOST_BYTES = 2 ** 31;

/** The file that stands for a folder: programs that write several files call the one that names the others so. */
const IN_FOLDER = "model.json";

/**
 * @param given a file, or a folder with a model.json in it
 * @throws AuricleError "file" for what is no file that can be read.
 */
export async function openImportedFile(given: string): Promise<ImportedFile> {
  const path = await modelIn(given);
  await checkFile(path);
  return {
    path,
    head: await headOf(path),
    read: () => readFileBytes(path),
    async readBeside(name) {
      if (name === "" || name !== basename(name) || name === ".." || name === ".") {
        throw new AuricleError(
          "file",
          `${path}: refers to a file by ${JSON.stringify(name)}; only plain names of files in the same folder are read`,
        );
      }
      const beside = join(dirname(path), name);
      await checkFile(beside);
      return readFileBytes(beside);
    },
  };
}

async function modelIn(given: string): Promise<string> {
  const found = join(given, IN_FOLDER);
  return (await stat(found).catch(() => undefined))?.isFile() ? found : given;
}

async function checkFile(path: string): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    if (errorCode(cause) === "ENOENT")
      throw new AuricleError("file", `no such folder or file: ${path}`, { cause });
    throw fileError("read", path, cause);
  });
  if (!found.isFile()) {
    throw new AuricleError("file", `${path}: is no file; name a file of another program, as model.onnx`);
  }
  if (found.size > MOST_BYTES) {
    throw new AuricleError(
      "file",
      `${path}: has ${formatBytes(found.size)}; files of at most ${formatBytes(MOST_BYTES)} can be imported`,
    );
  }
}

async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path).catch((cause: unknown) => {
    throw fileError("read", path, cause);
  });
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

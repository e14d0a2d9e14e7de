/** @file Writes a model for the web: a folder for any static host, or one HTML file. Node only. */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { AuricleError } from "../errors.ts";
import { writeFileAtomic } from "../io/atomic-file.ts";
import type { WebModel } from "./compile-model.ts";
import { folderPage, PAGE_CSS, singlePage } from "./page-html.ts";

/** The scripts' build, in the package and in a clone: dist/web beside dist/web-export. */
const SCRIPTS = fileURLToPath(new URL("../web/", import.meta.url));

/** The sizes of what was written. */
export interface WebSizes {
  /** Bytes of all files. */
  readonly bytes: number;
  /** Bytes of code that a visit loads before any decoder, compressed. */
  readonly codeBytes: number;
  /** Bytes of machine code, constants and weights. */
  readonly modelBytes: number;
}

interface Written {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/**
 * @throws AuricleError "argument" for a folder that has other files than an earlier export, "file" where it cannot be written or the
 *   package is not built
 */
export async function checkWebFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) {
    const parent = dirname(folder);
    if (!existsSync(parent))
      throw new AuricleError("file", `--web: cannot write ${folder}: no such folder: ${parent}`);
    return;
  }
  if (!(await stat(folder)).isDirectory()) {
    throw new AuricleError(
      "argument",
      `--web: ${folder} is no folder; nothing was written: name another one`,
    );
  }
  const names = await readdir(folder);
  if (names.length === 0 || existsSync(join(folder, MODEL, "model.json"))) return;
  throw new AuricleError(
    "argument",
    `--web: ${folder} has files, and none of an earlier export; nothing was written: name a new folder`,
  );
}

/** @throws AuricleError as {@link checkWebFolder} */
export function checkWebFile(path: string): void {
  if (!/\.html?$/i.test(path)) {
    throw new AuricleError("argument", `--one-file: --web must name an .html file; got ${path}`);
  }
  const folder = dirname(path);
  if (!existsSync(folder))
    throw new AuricleError("file", `--web: cannot write ${path}: no such folder: ${folder}`);
}

/** The model's own folder in the export. */
const MODEL = "model";
const OLD_BINARY = /^model-[0-9a-f]{8}\.bin$/;

/** Writes a folder: the page, its scripts, the model, and the script that keeps them for visits without a network. */
export async function writeWebFolder(folder: string, { plan, binary }: WebModel): Promise<WebSizes> {
  await checkWebFolder(folder);
  const scripts = await scriptFiles(plan.input.kind);
  const files: Written[] = [
    { path: "index.html", content: folderPage(plan) },
    { path: "page.css", content: PAGE_CSS },
    ...scripts,
    { path: join(MODEL, "model.json"), content: JSON.stringify(plan) },
    { path: join(MODEL, plan.binary.file), content: binary },
  ];
  const names = files.map(({ path }) => path.replaceAll("\\", "/"));
  const about = { version: versionOf(files), files: names };
  const worker = `const AURICLE_EXPORT=${JSON.stringify(about)};\n${await script("service-worker.js")}`;
  await mkdir(folder, { recursive: true });
  for (const { path, content } of [...files, { path: "service-worker.js", content: worker }]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFileAtomic(join(folder, path), content);
  }
  for (const name of await readdir(join(folder, MODEL))) {
    if (OLD_BINARY.test(name) && name !== plan.binary.file) await rm(join(folder, MODEL, name));
  }
  return sizesOf(files, binary.length);
}

/** Writes one HTML file that needs no other. */
export async function writeWebFile(path: string, { plan, binary }: WebModel): Promise<WebSizes> {
  checkWebFile(path);
  const [elements, worker, recorder] = await Promise.all([
    script("inline/elements.js"),
    script(`inline/${plan.input.kind}.js`),
    script("auricle-recorder.js"),
  ]);
  const content = singlePage(plan, { elements, worker, recorder, binary });
  await writeFileAtomic(path, content);
  const code = [elements, recorder].map((text) => ({ path: "code.js", content: text }));
  return { ...sizesOf(code, binary.length), bytes: Buffer.byteLength(content) };
}

/** Scripts that a visit loads before there is any file to decode: all but decoders. */
const DECODER = /decode|source|vorbis/;

function sizesOf(files: readonly Written[], modelBytes: number): WebSizes {
  const sizeOf = (content: Written["content"]) => Buffer.byteLength(content);
  const code = files.filter(({ path }) => path.endsWith(".js") && !DECODER.test(path));
  return {
    bytes: files.reduce((sum, { content }) => sum + sizeOf(content), 0),
    codeBytes: code.reduce((sum, { content }) => sum + gzipSync(content, { level: 9 }).length, 0),
    modelBytes,
  };
}

async function scriptFiles(kind: "sound" | "picture"): Promise<Written[]> {
  const { [kind]: workers } = JSON.parse(await script("files.json")) as Record<typeof kind, string[]>;
  const names = ["auricle.js", "auricle-page.js", ...workers, "LICENSES.txt"];
  if (kind === "sound") names.push("auricle-recorder.js");
  return Promise.all(names.map(async (path) => ({ path, content: await script(path) })));
}

async function script(name: string): Promise<string> {
  try {
    return await readFile(join(SCRIPTS, name), "utf8");
  } catch (cause) {
    throw new AuricleError("file", `the page's script ${name} is not built: npm run build makes it`, {
      cause,
    });
  }
}

/** A name for the content of files, so that a browser notices that they are others. */
function versionOf(files: readonly Written[]): string {
  const hash = sha256.create();
  const encoder = new TextEncoder();
  for (const { path, content } of files) {
    hash.update(encoder.encode(path));
    hash.update(typeof content === "string" ? encoder.encode(content) : content);
  }
  return bytesToHex(hash.digest()).slice(0, 16);
}

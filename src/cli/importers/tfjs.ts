/** @file Imports models of TensorFlow.js: model.json with its files, a folder or a zip of them; exports of Teachable Machine among them. */
import { basename, dirname } from "node:path";
import { AuricleError } from "../../errors.ts";
import { parseJson } from "../../formats/json/parse-json.ts";
import { teachableMachineExport } from "../../formats/teachable-machine/export-metadata.ts";
import { readTfjs } from "../../formats/tfjs/read-tfjs.ts";
import type { ReadBeside } from "../../formats/tfjs/weights.ts";
import { isZip, openZip } from "../../formats/zip/read-zip.ts";
import { errorCode } from "../../io/atomic-file.ts";
import { textAt } from "../../io/byte-text.ts";
import type { ImportedFile, Imported, Importer, ImportRequest } from "./importer.ts";
import { asImported, ownMetadata } from "./keras-network.ts";
import { asTeachableMachine } from "./teachable-machine.ts";

/** A model's files, wherever they lie. */
interface ModelFiles {
  /** As messages name model.json. */
  readonly name: string;
  readonly json: Uint8Array;
  readonly readBeside: ReadBeside;
  /** Reads metadata.json; undefined where there is none. */
  readMetadata(): Promise<Uint8Array | undefined>;
}

const MODEL = "model.json";
const METADATA = "metadata.json";

export const TFJS: Importer = {
  format: "TensorFlow.js",
  endings: [".json", ".zip"],
  takes({ path, head }) {
    if (/\.json$/i.test(path)) {
      return basename(path) === MODEL || textAt(head, 0, head.length).includes('"modelTopology"');
    }
    return /\.zip$/i.test(path) && isZip(head);
  },
  async load(file, { input }: ImportRequest): Promise<Imported> {
    const files = /\.zip$/i.test(file.path) ? await zipped(file) : await plain(file);
    const json = parseJson(files.json, files.name);
    const model = await readTfjs(json, files.name, files.readBeside, { inputShape: input });
    const found = await files.readMetadata();
    const metadata = found && parseJson(found, `${file.path}: ${METADATA}`);
    const imported = asImported(model, files.name);
    const machine = teachableMachineExport(metadata);
    if (machine) return asTeachableMachine(imported, machine, files.name);
    return ownMetadata(imported, model.userMetadata);
  },
};

async function plain(file: ImportedFile): Promise<ModelFiles> {
  return {
    name: file.path,
    json: await file.read(),
    readBeside: (name) => file.readBeside(name),
    readMetadata: () => file.readBeside(METADATA).catch(absent),
  };
}

async function zipped(file: ImportedFile): Promise<ModelFiles> {
  const zip = openZip(await file.read(), file.path);
  const model = zip.paths.find((path) => basename(path) === MODEL && !path.startsWith("__MACOSX/"));
  if (model === undefined) {
    throw new AuricleError(
      "file",
      `${file.path}: holds no ${MODEL}, as a model of TensorFlow.js or an export of Teachable Machine has; unpack it and name the model`,
    );
  }
  const folder = dirname(model);
  const inFolder = (name: string) => (folder === "." ? name : `${folder}/${name}`);
  // A promise, for a file that is missing rejects it.
  const readBeside = (name: string) => Promise.resolve(inFolder(name)).then((path) => zip.read(path));
  return {
    name: `${file.path}: ${model}`,
    json: zip.read(model),
    readBeside,
    readMetadata: () =>
      zip.paths.includes(inFolder(METADATA)) ? readBeside(METADATA) : Promise.resolve(undefined),
  };
}

/** A file that need not be there. */
function absent(error: unknown): undefined {
  if (error instanceof AuricleError && errorCode(error.cause) === "ENOENT") return undefined;
  throw error;
}

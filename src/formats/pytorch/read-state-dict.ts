/** @file Reads the weights of a PyTorch network: .pt, .pth, .ckpt and .bin of `torch.save`, and .safetensors. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import { textAt } from "../../io/byte-text.ts";
import { bytesOf, type Bytes } from "../../io/bytes.ts";
import { readSafetensors } from "../../io/safetensors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { shownValue } from "../../shown-value.ts";
import type { NumericArray } from "../../tensor/array.ts";
import { isZip } from "../zip/read-zip.ts";
import { openTorchArchive } from "./read-archive.ts";
import { findStateDict } from "./state-dict.ts";
import type { Fault } from "./pickle-values.ts";

/** Tensors by PyTorch's names. */
export interface StateDict {
  /** In the order of the modules: that of a file of `torch.save`; by name, numbers as numbers, for safetensors, which are sorted. Floats are float32, whole numbers and truth values int32. */
  readonly tensors: ReadonlyMap<string, NumericArray>;
  /** How the tensors were found, where a user should know: a line each. */
  readonly notes: readonly string[];
  /** The network of this library that the file was written from, where it says so: its normalisations are those of the program then. */
  readonly exportedFrom?: string;
}

export interface StateDictOptions {
  /** Keys that lead to the state dict, where a checkpoint holds several: `["generator", "state_dict"]`. Default: it is found. */
  readonly path?: readonly string[];
}

const OPTIONS: OptionNames<StateDictOptions> = { path: true };

/** The key in the metadata of safetensors under which an export has the network's name. */
export const EXPORTED_FROM = "auricle-network";

/**
 * Reads a state dict. A file of `torch.save` is read as data: tensors, dictionaries, numbers and text; any other name in it is
 * refused, and nothing of it is run.
 * @param content the file's content
 * @param file the file's name, for messages
 * @throws AuricleError "file" when the file is damaged, is of another kind, holds Python objects, no tensors by name or several sets of them
 */
export function readStateDict(content: Bytes, file: string, options: StateDictOptions = {}): StateDict {
  checkOptions("readStateDict", options, OPTIONS, "content, file, ");
  const bytes = bytesOf(content, file);
  const fault: Fault = (problem, cause) => new AuricleError("file", `${file}: ${problem}`, { cause });
  if (isZip(bytes)) return readArchive(bytes, file, options, fault);
  refuseOldFormats(bytes, fault);
  if (options.path) throw fault("only files of torch.save have keys that lead to a state dict");
  const { tensors, metadata } = readSafetensors(bytes, file);
  const exportedFrom = metadata[EXPORTED_FROM];
  return { tensors: inOrderOfNames(tensors), notes: [], ...(exportedFrom !== undefined && { exportedFrom }) };
}

function readArchive(bytes: Uint8Array, file: string, { path }: StateDictOptions, fault: Fault): StateDict {
  const archive = openTorchArchive(bytes, file);
  const found = findStateDict(archive.value, path, fault);
  const tensors = new Map([...found.tensors].map(([name, tensor]) => [name, archive.read(tensor, name)]));
  const notes: string[] = [];
  if (path === undefined && found.path.length > 0) {
    notes.push(
      `The weights are in the checkpoint's ${found.path.map((key) => shownValue(key)).join(" in ")}.`,
    );
  }
  if (found.others.length > 0)
    notes.push(`Beside the weights there is ${shownValue(found.others)}, which is not read.`);
  return { tensors, notes };
}

/** Sorts by names, part by part, so that "conv10" comes after "conv9". */
function inOrderOfNames<T>(tensors: ReadonlyMap<string, T>): Map<string, T> {
  const parts = (name: string) => name.split(/[.]|(?<=\D)(?=\d)|(?<=\d)(?=\D)/);
  const compare = (a: string, b: string): number => {
    const [these, others] = [parts(a), parts(b)];
    for (let i = 0; i < Math.min(these.length, others.length); i++) {
      if (these[i] === others[i]) continue;
      const numbers = Number(these[i]) - Number(others[i]);
      return numbers || (these[i] < others[i] ? -1 : 1);
    }
    return these.length - others.length;
  };
  return new Map([...tensors].sort(([a], [b]) => compare(a, b)));
}

const ADVICE =
  'load it in PyTorch and save it anew: torch.save(torch.load("old.pt", weights_only=True), "new.pt"), or safetensors.torch.save_file';

/** The formats that PyTorch wrote before 1.6: a pickle with the numbers behind it, and before 0.1 a tar archive. */
function refuseOldFormats(bytes: Uint8Array, fault: Fault): void {
  if (bytes.length > 2 && bytes[0] === 0x80 && bytes[1] <= 5) {
    throw fault(`it is a pickle, PyTorch's format before 1.6, which is not read; ${ADVICE}`);
  }
  if (textAt(bytes, 257, 5) === "ustar")
    throw fault(`it is a tar archive, PyTorch's first format, which is not read; ${ADVICE}`);
}

/**
 * @file Opens what `torch.save` writes: a zip archive with a pickle (`data.pkl`), and a file of numbers for each storage
 * (`data/0`, …), whose length is checked before a number of it is believed. Browser-safe.
 */

import { AuricleError } from "../../errors.ts";
import { viewOf } from "../../io/byte-text.ts";
import { shownValue } from "../../shown-value.ts";
import type { NumericArray } from "../../tensor/array.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { openZip, type ZipFile } from "../zip/read-zip.ts";
import type { TorchType } from "./elements.ts";
import { LONGEST_PICKLE, MOST_SHARING } from "./limits.ts";
import { readPickle } from "./pickle.ts";
import type { Fault, PickleValue } from "./pickle-values.ts";
import { TORCH_NAMES, type TorchTensor } from "./torch-objects.ts";

const PICKLE = "data.pkl";

export interface TorchArchive {
  readonly value: PickleValue;
  /**
   * Copies the numbers of a tensor: floats become float32, whole numbers and truth values int32.
   * @param name the tensor's, for messages
   * @throws AuricleError "file" when its storage is missing or has another length than the pickle states, when a number
   *   does not fit, and when tensors that share storage are too many
   */
  read(tensor: TorchTensor, name: string): NumericArray;
}

/** @throws AuricleError "file" for an archive that is damaged, is not PyTorch's, or holds more than data */
export function openTorchArchive(bytes: Uint8Array, file: string): TorchArchive {
  const fault: Fault = (problem, cause) => new AuricleError("file", `${file}: ${problem}`, { cause });
  const zip = openZip(bytes, file);
  const folder = folderOf(zip, fault);
  if (zip.paths.includes(`${folder}constants.pkl`)) {
    throw fault(
      'it is a TorchScript program, which is not run; save its weights alone: torch.save(model.state_dict(), "weights.pt")',
    );
  }
  const pickle = folder + PICKLE;
  if (zip.bytesOf(pickle) > LONGEST_PICKLE) {
    throw fault(`its ${PICKLE} has ${zip.bytesOf(pickle)} bytes; at most ${LONGEST_PICKLE} are read`);
  }
  const value = readPickle(zip.read(pickle), TORCH_NAMES, fault);
  const littleEndian = isLittleEndian(zip, folder, fault);
  const storages = new Map<string, DataView>();
  let left = MOST_SHARING * bytes.length;
  return {
    value,
    read(tensor, name) {
      const tensorFault: Fault = (problem, cause) => fault(`tensor ${shownValue(name)}: ${problem}`, cause);
      left -= sizeOf(tensor.shape);
      if (left < 0) throw tensorFault("it shares its storage with too many others");
      const { key } = tensor.storage;
      const view = storages.get(key) ?? openStorage(zip, folder, tensor, tensorFault);
      storages.set(key, view);
      checkLength(view, tensor, tensorFault);
      return copyNumbers(view, tensor, littleEndian, tensorFault);
    },
  };
}

/** The folder that the archive's files are in: `torch.save` names it after the file. */
function folderOf(zip: ZipFile, fault: Fault): string {
  const pickles = zip.paths.filter((path) => path === PICKLE || path.endsWith(`/${PICKLE}`));
  const [path] = pickles;
  if (pickles.length !== 1 || path.split("/").length > 2) {
    throw fault(
      `it is a zip archive, and none that torch.save wrote: it must have one ${PICKLE}; got ${pickles.length}`,
    );
  }
  return path.slice(0, -PICKLE.length);
}

function isLittleEndian(zip: ZipFile, folder: string, fault: Fault): boolean {
  const path = `${folder}byteorder`;
  if (!zip.paths.includes(path)) return true;
  if (zip.bytesOf(path) <= 8) {
    const order = new TextDecoder().decode(zip.read(path).slice());
    if (order === "little" || order === "big") return order === "little";
  }
  throw fault('its byteorder must be "little" or "big"');
}

function openStorage(zip: ZipFile, folder: string, { storage }: TorchTensor, fault: Fault): DataView {
  const path = `${folder}data/${storage.key}`;
  if (!zip.paths.includes(path)) throw fault(`its storage ${shownValue(storage.key)} is missing`);
  return viewOf(zip.read(path));
}

function checkLength(view: DataView, { storage }: TorchTensor, fault: Fault): void {
  const wanted = storage.count * (storage.type?.bytes ?? 1);
  if (view.byteLength === wanted) return;
  throw fault(
    `its storage ${shownValue(storage.key)} should have ${storage.count} elements in ${wanted} bytes; got ${view.byteLength}`,
  );
}

function copyNumbers(
  view: DataView,
  { type, shape, strides, offset }: TorchTensor,
  littleEndian: boolean,
  fault: Fault,
): NumericArray {
  const data = type.isFloat ? new Float32Array(sizeOf(shape)) : new Int32Array(sizeOf(shape));
  const at = new Array<number>(shape.length).fill(0);
  let element = offset;
  for (let i = 0; i < data.length; i++) {
    const value = type.read(view, element * type.bytes, littleEndian);
    data[i] = value;
    if (data[i] !== value) checkValue(data[i], value, type, i, fault);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      element += strides[axis];
      if (++at[axis] < shape[axis]) break;
      element -= strides[axis] * shape[axis];
      at[axis] = 0;
    }
  }
  return { shape, data };
}

/** A double may be rounded, but not to an infinity; a whole number must stay what it is. */
function checkValue(kept: number, value: number, type: TorchType, i: number, fault: Fault): void {
  if (type.isFloat && Number.isFinite(value) === Number.isFinite(kept)) return;
  const holder = type.isFloat ? "a float32" : "an int32";
  throw fault(`every value must fit ${holder}; got ${shownValue(value)} at index ${i}`);
}

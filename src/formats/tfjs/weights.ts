/** @file The numbers of a TensorFlow.js model: weights one after the other in files that are joined. Browser-safe. */
import { AuricleError } from "../../errors.ts";
import { shownValue } from "../../shown-value.ts";
import type { FloatArray } from "../../tensor/array.ts";
import type { Shape } from "../../tensor/shape.ts";
import { isList, isObject, own, type JsonObject } from "../json/values.ts";
import { halfToNumber } from "../../io/half-float.ts";

/** Reads the file that lies beside model.json under this name. */
export type ReadBeside = (name: string) => Promise<Uint8Array>;

/** A group of the manifest: weights whose bytes lie one after the other in the files, joined in order. */
export interface WeightList {
  readonly paths: readonly string[];
  readonly weights: readonly unknown[];
}

/** Bytes of a number as it is stored. */
const BYTES = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1, bool: 1 } as const;
type Stored = keyof typeof BYTES;

function isStored(value: unknown): value is Stored {
  return typeof value === "string" && Object.hasOwn(BYTES, value);
}

/**
 * Reads all weights, as float32.
 * @throws AuricleError "file" for a file that is missing or too short, or a weight that no bytes are left for
 */
export async function readWeights(
  lists: readonly WeightList[],
  file: string,
  readBeside: ReadBeside,
): Promise<Map<string, FloatArray>> {
  const weights = new Map<string, FloatArray>();
  for (const { paths, weights: entries } of lists) {
    const bytes = await joined(paths, file, readBeside);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    for (const entry of entries) {
      const weight = readEntry(entry, file);
      const end = at + weight.count * BYTES[weight.stored];
      if (end > bytes.length) {
        throw new AuricleError(
          "file",
          `${file}: weight ${shownValue(weight.name)} ${JSON.stringify(weight.shape)} needs bytes ${at} to ${end} of ${paths.join(", ")}, ` +
            `which has ${bytes.length}: a file is cut short, or belongs to another model`,
        );
      }
      if (weights.has(weight.name)) {
        throw new AuricleError("file", `${file}: has two weights named ${shownValue(weight.name)}`);
      }
      weights.set(weight.name, { shape: weight.shape, data: numbersOf(view, at, weight) });
      at = end;
    }
  }
  return weights;
}

async function joined(paths: readonly string[], file: string, readBeside: ReadBeside): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const path of paths) {
    // A model may name files of its own folder and of those within, and nothing else.
    if (!/^[^/\\:]+(\/[^/\\:]+)*$/.test(path) || path.split("/").includes("..")) {
      throw new AuricleError("file", `${file}: names ${shownValue(path)}, which is no file beside it`);
    }
    parts.push(await readBeside(path));
  }
  if (parts.length === 1) return parts[0];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

interface Entry {
  readonly name: string;
  readonly shape: Shape;
  readonly count: number;
  readonly stored: Stored;
  /** value = scale·stored + min. */
  readonly scale: number;
  readonly min: number;
}

function readEntry(entry: unknown, file: string): Entry {
  const name = isObject(entry) ? own(entry, "name") : undefined;
  if (!isObject(entry) || typeof name !== "string") {
    throw new AuricleError("file", `${file}: each weight must have a name; got ${shownValue(entry)}`);
  }
  const shape = own(entry, "shape");
  if (!isList(shape) || !shape.every((one): one is number => Number.isSafeInteger(one) && Number(one) >= 0)) {
    throw new AuricleError(
      "file",
      `${file}: ${name}: shape must be a list of lengths; got ${shownValue(shape)}`,
    );
  }
  const count = shape.reduce((product, length) => product * length, 1);
  if (!Number.isSafeInteger(count)) {
    throw new AuricleError(
      "file",
      `${file}: ${name}: no memory holds a weight of shape ${shownValue(shape)}`,
    );
  }
  const quantized = own(entry, "quantization");
  const dtype = own(isObject(quantized) ? quantized : entry, "dtype");
  if (!isStored(dtype)) {
    throw new AuricleError(
      "file",
      `${file}: ${name}: dtype must be one of ${Object.keys(BYTES).join(", ")}; got ${shownValue(dtype)}`,
    );
  }
  const isScaled = isObject(quantized) && dtype !== "float16";
  return {
    name,
    shape,
    count,
    stored: dtype,
    scale: isScaled ? factorOf(quantized, "scale", name, file) : 1,
    min: isScaled ? factorOf(quantized, "min", name, file) : 0,
  };
}

function factorOf(quantization: JsonObject, key: string, name: string, file: string): number {
  const value = own(quantization, key);
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new AuricleError(
    "file",
    `${file}: ${name}: quantization.${key} must be a number; got ${shownValue(value)}`,
  );
}

const READ: Readonly<Record<Stored, (view: DataView, at: number) => number>> = {
  float32: (view, at) => view.getFloat32(at, true),
  int32: (view, at) => view.getInt32(at, true),
  float16: (view, at) => halfToNumber(view.getUint16(at, true)),
  uint16: (view, at) => view.getUint16(at, true),
  uint8: (view, at) => view.getUint8(at),
  bool: (view, at) => view.getUint8(at),
};

function numbersOf(view: DataView, at: number, { count, stored, scale, min }: Entry): Float32Array {
  const [read, step] = [READ[stored], BYTES[stored]];
  const data = new Float32Array(count);
  for (let i = 0; i < count; i++) data[i] = read(view, at + i * step) * scale + min;
  return data;
}

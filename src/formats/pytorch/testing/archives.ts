/** @file Archives as `torch.save` writes them, of pickles put together by hand. For tests alone. */
import { writeZip } from "../../zip/write-zip.ts";

export type PickleParts = readonly (number | string | readonly number[])[];

/** Bytes of a pickle: codes as numbers, text as its bytes. */
export function pickle(...parts: PickleParts): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? [...new TextEncoder().encode(part)] : part)),
  );
}

/** A short text in a pickle. */
export function text(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value)];
  return [0x8c, bytes.length, ...bytes];
}

/** A whole number of 32 bits in a pickle. */
export function int(value: number): number[] {
  return [0x4a, value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255];
}

/** A name in a pickle. */
export function name(full: string): string {
  const dot = full.lastIndexOf(".");
  return `c${full.slice(0, dot)}\n${full.slice(dot + 1)}\n`;
}

export interface TensorParts {
  readonly storageClass?: string;
  readonly key?: string;
  readonly count?: number;
  readonly offset?: number;
  readonly size?: readonly number[];
  readonly stride?: readonly number[];
}

/** A call of `_rebuild_tensor_v2` in a pickle. */
export function tensor(parts: TensorParts = {}): PickleParts {
  const {
    storageClass = "torch.FloatStorage",
    key = "0",
    count = 4,
    offset = 0,
    size = [4],
    stride = [1],
  } = parts;
  const tuple = (values: readonly number[]) => ["(", ...values.map(int), "t"];
  return [
    name("torch._utils._rebuild_tensor_v2"),
    ...["(", "(", text("storage"), name(storageClass), text(key), text("cpu"), int(count), "t", "Q"],
    ...[int(offset), ...tuple(size), ...tuple(stride), 0x89, name("collections.OrderedDict"), ")", "R"],
    ...["t", "R"],
  ];
}

/** An archive with a pickle and storages. */
export function archive(
  bytes: Uint8Array,
  storages: Readonly<Record<string, Uint8Array>> = {
    "0": new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer),
  },
  others: readonly [string, Uint8Array][] = [],
): Uint8Array {
  return writeZip([
    ["archive/data.pkl", bytes],
    ...others,
    ...Object.entries(storages).map(([key, content]): [string, Uint8Array] => [
      `archive/data/${key}`,
      content,
    ]),
  ]);
}

/** An archive of a dictionary with one tensor "a". */
export function oneTensor(
  parts: TensorParts = {},
  storages?: Readonly<Record<string, Uint8Array>>,
): Uint8Array {
  return archive(pickle(0x80, 2, "}", text("a"), ...tensor(parts), "s."), storages);
}

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { readCheckpointIndex, readVariable, shardName } from "./index.ts";
import { entryMessage, headerMessage, writeCheckpoint, writeTable } from "./testing/write-checkpoint.ts";

/** Written by TensorFlow: tools/oracle/make_tf_checkpoint.py. */
function fixture(name: string) {
  const folder = new URL("../../../tools/oracle/fixtures/tf-checkpoint/", import.meta.url);
  const read = (file: string) => new Uint8Array(readFileSync(new URL(file, folder)));
  const checkpoint = readCheckpointIndex(read(`${name}.index`), `${name}.index`);
  const shards = Array.from({ length: checkpoint.shards }, (_, shard) =>
    read(name + shardName(shard, checkpoint.shards)),
  );
  return { checkpoint, shards };
}

/** The script's numbers: (i + 1) / 8. */
function counted(count: number): number[] {
  return Array.from({ length: count }, (_, i) => (i + 1) / 8);
}

describe("checkpoints that TensorFlow wrote", () => {
  it("have the variables of version 1's Saver, with their shapes and values", () => {
    const { checkpoint, shards } = fixture("v1");
    const shapes = Object.fromEntries([...checkpoint.variables].map(([name, { shape }]) => [name, shape]));
    expect(shapes).toEqual({
      "batch_normalization/gamma": [3],
      "batch_normalization/moving_mean": [3],
      "batch_normalization_1/gamma": [2],
      "conv2d/bias": [2],
      "conv2d/kernel": [3, 2, 1, 2],
      "dense/kernel": [4, 5],
      divided: [4, 2],
      empty: [0, 3],
      scale: [],
      steps: [],
    });
    for (const [name, shape] of Object.entries(shapes)) {
      if (name === "divided" || name === "steps") continue;
      const { data } = readVariable(checkpoint, name, shards);
      expect([...data], name).toEqual(counted(shape.reduce((product, length) => product * length, 1)));
    }
  });

  it("refuse what is no weight, by name", () => {
    const { checkpoint, shards } = fixture("v1");
    expect(() => readVariable(checkpoint, "steps", shards)).toThrow(
      'v1.index: variable "steps": must be of float32; got int64',
    );
    expect(() => readVariable(checkpoint, "divided", shards)).toThrow(
      'v1.index: variable "divided": it was stored in parts, and such are not read: store it whole',
    );
    expect(() => readVariable(checkpoint, "dense/kernal", shards)).toThrow(
      'v1.index: variable "dense/kernal": there is none of this name; the nearest is "dense/kernel"',
    );
  });

  it("have those of version 2, named by their objects", () => {
    const { checkpoint, shards } = fixture("v2");
    expect([...checkpoint.variables.keys()]).toEqual([
      "_CHECKPOINTABLE_OBJECT_GRAPH",
      "half/.ATTRIBUTES/VARIABLE_VALUE",
      "layers/0/.ATTRIBUTES/VARIABLE_VALUE",
      "layers/1/.ATTRIBUTES/VARIABLE_VALUE",
      "layers/2/.ATTRIBUTES/VARIABLE_VALUE",
    ]);
    const { shape, data } = readVariable(checkpoint, "layers/2/.ATTRIBUTES/VARIABLE_VALUE", shards);
    expect(shape).toEqual([4, 5]);
    expect([...data]).toEqual(counted(20));
    for (const [name, type] of [
      ["_CHECKPOINTABLE_OBJECT_GRAPH", "string"],
      ["half/.ATTRIBUTES/VARIABLE_VALUE", "float16"],
    ]) {
      expect(() => readVariable(checkpoint, name, shards)).toThrow(`must be of float32; got ${type}`);
    }
  });

  it("may be spread over several data files", () => {
    const { checkpoint, shards } = fixture("sharded");
    expect(shards).toHaveLength(2);
    expect([...readVariable(checkpoint, "conv2d/kernel", shards).data]).toEqual(counted(12));
    expect([...readVariable(checkpoint, "dense/kernel", shards).data]).toEqual(counted(20));
  });
});

const VARIABLES = {
  "a/kernel": { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  "a/bias": { shape: [3], data: Float32Array.of(7, 8, 9) },
};

describe("damaged checkpoints", () => {
  it("are refused at every length but the whole one", () => {
    const { index } = writeCheckpoint(VARIABLES);
    for (let length = 0; length < index.length; length++) {
      expect(() => readCheckpointIndex(index.subarray(0, length), "cut.index")).toThrow(AuricleError);
    }
    expect(readCheckpointIndex(index, "whole.index").variables.size).toBe(2);
  });

  it("are refused for any changed bit of a block, and of the values", () => {
    const { index, data } = writeCheckpoint(VARIABLES);
    // The footer's padding means nothing; before it, every byte does.
    for (let at = 0; at < index.length - 48; at++) {
      const changed = index.slice();
      changed[at] ^= 4;
      // What is in the unused block of metadata is not read.
      try {
        const found = readCheckpointIndex(changed, "changed.index");
        expect(found.variables).toEqual(readCheckpointIndex(index, "changed.index").variables);
      } catch (error) {
        expect(error).toBeInstanceOf(AuricleError);
      }
    }
    const checkpoint = readCheckpointIndex(index, "data.index");
    const changed = data.slice();
    changed[5] ^= 1;
    expect(() => readVariable(checkpoint, "a/bias", [changed])).toThrow(
      'data.index: variable "a/bias": its values do not fit their checksum: the file is damaged',
    );
    expect(() => readVariable(checkpoint, "a/kernel", [data.subarray(0, 20)])).toThrow(
      'data.index: variable "a/kernel": its values end at byte 36 of a data file of 20; is it truncated?',
    );
    expect(() => readVariable(checkpoint, "a/kernel", [])).toThrow("of a data file of 0");
  });

  const values = new Uint8Array(16);
  const entry = (shape: readonly (number | bigint)[], offset = 0, bytes?: number) =>
    entryMessage({ dtype: 1, shape, offset, values, bytes });

  it.each<[string, readonly (readonly [string, Uint8Array])[], string]>([
    ["no header", [["a", entry([4])]], "its index has no header"],
    [
      "data files without end",
      [["", headerMessage(2 ** 31)]],
      "it must have at most 1000 data files; got 2147483648",
    ],
    [
      "names out of order",
      [
        ["", headerMessage(1)],
        ["b", entry([4])],
        ["a", entry([4], 16)],
      ],
      "the names in its index are not in order",
    ],
    [
      "values of two variables at one place",
      [
        ["", headerMessage(1)],
        ["a", entry([4])],
        ["b", entry([4], 12)],
      ],
      'variable "b": its values overlap those of another',
    ],
    [
      "a shape whose product overflows",
      [
        ["", headerMessage(1)],
        ["a", entry([2 ** 32, 2 ** 32, 4])],
      ],
      'variable "a": it must have at most 2147483648 numbers; its shape is [4294967296,4294967296,4]',
    ],
    [
      "a negative axis",
      [
        ["", headerMessage(1)],
        ["a", entry([2n ** 64n - 1n])],
      ],
      'variable "a": it must have at most 2147483648 numbers',
    ],
    [
      "a data file that is not there",
      [
        ["", headerMessage(0)],
        ["a", entry([4])],
      ],
      'variable "a": its data file is number 0 of 0',
    ],
    [
      "too many axes",
      [
        ["", headerMessage(1)],
        ["a", entry(Array.from({ length: 33 }, () => 1))],
      ],
      'variable "a": it must have at most 32 axes; got 33',
    ],
    [
      "a name that is too long",
      [
        ["", headerMessage(1)],
        ["a".repeat(5000), entry([4])],
      ],
      "names must have at most 4096 bytes",
    ],
    [
      "a message that ends too early",
      [
        ["", headerMessage(1)],
        ["a", entry([4]).subarray(0, 3)],
      ],
      'variable "a": its entry in the index is damaged',
    ],
  ])("are refused: %s", (_, entries, message) => {
    expect(() => readCheckpointIndex(writeTable(entries), "made.index")).toThrow(`made.index: ${message}`);
  });

  it("are refused where a shape needs other bytes than there are, when the variable is read", () => {
    const index = writeTable([
      ["", headerMessage(1)],
      ["a", entry([5])],
    ]);
    expect(() => readVariable(readCheckpointIndex(index, "made.index"), "a", [values])).toThrow(
      'made.index: variable "a": its shape [5] needs 20 bytes; got 16',
    );
  });
});

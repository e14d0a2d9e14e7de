import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { bytesOf, type Bytes } from "./bytes.ts";

describe("bytesOf", () => {
  it("takes arrays of bytes and buffers, those of other contexts too", () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    expect([...bytesOf(bytes.subarray(1, 3), "x")]).toEqual([2, 3]);
    expect([...bytesOf(Buffer.from([5, 6]), "x")]).toEqual([5, 6]);
    expect([...bytesOf(bytes.buffer, "x")]).toEqual([1, 2, 3, 4]);
    expect(bytesOf(new SharedArrayBuffer(3), "x")).toHaveLength(3);
    expect([...bytesOf(runInNewContext("Uint8Array.of(7).buffer") as ArrayBuffer, "x")]).toEqual([7]);
  });

  it("refuses what only leads to bytes, and says how", () => {
    const [promise, blob]: unknown[] = [Promise.resolve(new ArrayBuffer(1)), new Blob(["a"])];
    expect(() => bytesOf(promise as Bytes, "song.mp3")).toThrow(
      "song.mp3: must be a Uint8Array or an ArrayBuffer; got Promise; await it",
    );
    expect(() => bytesOf(blob as Bytes, "x")).toThrow("got Blob; give await x.arrayBuffer()");
    const nothing: unknown = undefined;
    expect(() => bytesOf(nothing as Bytes, "x")).toThrow("got Undefined");
  });
});

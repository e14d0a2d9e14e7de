import { describe, expect, it } from "vitest";
import { AuricleError } from "../errors.ts";
import { trainedOn, trainedOnMetadata } from "./trained-on.ts";

describe("what a model was trained on", () => {
  it("comes back from a model file's metadata, hash by hash", () => {
    const hashes = ["00", "ff", "0a", "5c"].map((byte) => byte.repeat(32));
    const told = {
      sources: [
        { data: "AudioSet", isListed: false },
        { data: "/genres", isListed: true },
      ],
      train: hashes.slice(0, 3),
      validation: hashes.slice(3),
    };
    const stored = JSON.parse(JSON.stringify(trainedOnMetadata(told)));
    expect(trainedOn(stored, "x")).toEqual(told);
    // 32 bytes a hash, in base64: 128 characters for three.
    expect(stored.trainedOn.train).toHaveLength(128);
  });

  it("may be a name alone, or nothing", () => {
    expect(trainedOn({ trainedOn: { sources: [{ data: "AudioSet" }] } }, "x")).toEqual({
      sources: [{ data: "AudioSet" }],
      train: [],
      validation: [],
    });
    expect(trainedOn({ data: "genres" }, "x")).toBeUndefined();
  });

  it.each([
    ["text", "AudioSet", /^best: this version of Auricle cannot read its training provenance/],
    ["no source", { sources: [] }, /sources/],
    ["no base64", { sources: [{ data: "a" }], train: "***" }, /train/],
    ["half a hash", { sources: [{ data: "a" }], train: "AAAA" }, /train/],
    ["something unknown", { sources: [{ data: "a" }], speed: 3 }, /speed/],
  ])("is refused with the file's name: %s", (_, metadata, message) => {
    const read = () => trainedOn({ trainedOn: metadata }, "best");
    expect(read).toThrow(AuricleError);
    expect(read).toThrow(message);
  });
});

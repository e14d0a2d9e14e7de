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

  it("has the first 8 bytes of each hash where there are more than 2,000", () => {
    const hashes = Array.from({ length: 2001 }, (_, i) => i.toString(16).padStart(4, "0").repeat(16));
    const told = trainedOnMetadata({
      sources: [{ data: "a" }],
      train: hashes.slice(1),
      validation: ["ab".repeat(32)],
    });
    const stored = JSON.parse(JSON.stringify(told));
    const { train, validation } = trainedOn(stored, "x") ?? {};
    expect(train).toEqual(hashes.slice(1).map((hash) => hash.slice(0, 16)));
    expect(validation).toEqual(["ab".repeat(8)]);
    // 8 bytes a hash, in base64: 32 characters for three.
    expect(stored.trainedOn.train.length).toBeLessThan((2000 * 32) / 3 + 4);
    // Once shortened, they stay so: nothing tells the rest.
    const again = trainedOnMetadata({ sources: [{ data: "a" }], train: train?.slice(0, 2) });
    expect(trainedOn(again, "x")?.train).toEqual(train?.slice(0, 2));
  });

  it("comes back from the metadata of versions that kept all hashes whole", () => {
    // SHA-256 of an empty file, in base64 as those versions wrote it.
    const earlier = {
      sources: [{ data: "a", isListed: true }],
      train: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    };
    expect(trainedOn({ trainedOn: { ...earlier, validation: "" } }, "x")).toEqual({
      sources: earlier.sources,
      train: ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
      validation: [],
    });
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
    ["half a short hash", { sources: [{ data: "a" }], hashBytes: 8, validation: "AAAA" }, /validation/],
    ["another length of hashes", { sources: [{ data: "a" }], hashBytes: 3, train: "AAAA" }, /hashBytes/],
    ["something unknown", { sources: [{ data: "a" }], speed: 3 }, /speed/],
  ])("is refused with the file's name: %s", (_, metadata, message) => {
    const read = () => trainedOn({ trainedOn: metadata }, "best");
    expect(read).toThrow(AuricleError);
    expect(read).toThrow(message);
  });
});

import { describe, expect, it } from "vitest";
import { frontEndConfig } from "../audio/front-end/index.ts";
import { AuricleError } from "../errors.ts";
import { audioDescription, audioMetadata, type AudioDescription } from "./description.ts";

const DESCRIPTION: AudioDescription = {
  task: "regression",
  classNames: ["tempo"],
  frontEnd: frontEndConfig({ kind: "melSpectrogram", scale: { kind: "decibels", reference: "max" } }),
  windowFrames: 129,
  targetScale: [{ mean: 120.5, deviation: 30.25 }],
};

describe("the description of a model of sound", () => {
  it("comes back from a model file's metadata", () => {
    const stored = JSON.parse(JSON.stringify(audioMetadata(DESCRIPTION)));
    expect(audioDescription(stored, "x")).toEqual(DESCRIPTION);
    const other: AudioDescription = { ...DESCRIPTION, task: "tagging", targetScale: undefined };
    expect(audioDescription(audioMetadata(other), "x")).toEqual(other);
  });

  it.each([
    ["a model without one", {}, /^best: not a model of sound/],
    [
      "another task",
      { task: "ranking" },
      /^best: its description of sound is not one that this version.*task/s,
    ],
    ["no class", { classNames: [] }, /classNames/],
    ["no window", { windowFrames: 0 }, /windowFrames/],
    ["a deviation of 0", { targetScale: [{ mean: 0, deviation: 0 }] }, /deviation/],
    ["something unknown", { speed: 3 }, /speed/],
  ])("is refused with the file's name: %s", (_, changes, message) => {
    const metadata = audioMetadata({ ...DESCRIPTION, ...changes } as AudioDescription);
    const read = () => audioDescription(Object.keys(changes).length === 0 ? {} : metadata, "best");
    expect(read).toThrow(AuricleError);
    expect(read).toThrow(message);
  });

  it("is refused with a front end that there is not", () => {
    const audio = { ...DESCRIPTION, frontEnd: { kind: "wavelets" } };
    expect(() => audioDescription(JSON.parse(JSON.stringify({ audio })), "best")).toThrow(/wavelets/);
  });
});

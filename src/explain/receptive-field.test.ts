/** @file Receptive fields in the input's units. */
import { expect, it } from "vitest";
import { axisStepsOf, frontEnd } from "../audio/front-end/index.ts";
import { conv2d, dense, flatten, maxPooling2d, permute, sequential } from "../nn/index.ts";
import { receptiveField } from "./index.ts";

const net = sequential(
  [
    conv2d({ filters: 2, kernelSize: 3, inputShape: [40, 33, 1] }),
    maxPooling2d(),
    conv2d({ filters: 2, kernelSize: [3, 1], name: "second" }),
    flatten(),
    dense({ units: 2 }),
  ],
  { threads: 1 },
);

it("comes in pixels by default", () => {
  // 3, then 3 + 1·1 = 4 apart 2, then 4 + 2·2 = 8 and 4
  expect(receptiveField(net, "second")).toEqual([
    { size: 8, step: 2, start: 0, unit: "pixels" },
    { size: 4, step: 2, start: 0, unit: "pixels" },
  ]);
});

it("comes in milliseconds and hertz with a front end's units", () => {
  const units = axisStepsOf(frontEnd({ kind: "spectrogram", sampleRate: 8000, fftSize: 64, hopLength: 40 }));
  // frames of 8 ms, 5 ms apart; bins 125 Hz apart
  expect(receptiveField(net, "second", { units })).toEqual([
    { size: 7 * 5 + 8, step: 10, start: 0, unit: "ms" },
    { size: 4 * 125, step: 250, start: 0, unit: "Hz" },
  ]);
});

it("is undefined behind a layer that reshapes, and names layers and axes", () => {
  const turned = sequential([permute({ dims: [2, 1, 3], inputShape: [4, 6, 1] })], { threads: 1 });
  expect(receptiveField(turned, "permute_1")).toBeUndefined();
  expect(() => receptiveField(net, "third")).toThrow("layer must be one of conv2d_1");
  expect(() => receptiveField(net, "second", { units: [{ unit: "ms", step: 1 }] })).toThrow(
    "each of 2 axes; got 1",
  );
});

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { AuricleError } from "../errors.ts";
import type { KindName } from "../runs/index.ts";
import { sweepFileSchema } from "./schema.ts";
import { configurationsOf, readSweep } from "./sweep-file.ts";

const WHOLE = {
  data: "digits",
  base: { epochs: 9 },
  space: { learningRate: { logUniform: [1e-4, 1e-2] }, optimizer: ["adam", "sgd"] },
  budget: { runs: 9 },
};

function read(content: unknown, kind: KindName = "images") {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return readSweep(text, "/sweeps/sweep.json", () => Promise.resolve(kind));
}

async function problemsOf(content: unknown, kind?: KindName): Promise<string> {
  const error: unknown = await read(content, kind).then(
    () => new Error("nothing was refused"),
    (one: unknown) => one,
  );
  expect(error).toBeInstanceOf(AuricleError);
  return (error as AuricleError).message;
}

it("fills in what a file leaves out, and makes paths absolute from its folder", async () => {
  const sweep = await read({
    ...WHOLE,
    data: "../mine",
    space: { model: ["lenet5", "net.json"] },
    budget: { runs: 2 },
  });
  expect(sweep).toMatchObject({
    data: resolve("/mine"),
    strategy: "random",
    seed: 0,
    seeds: 1,
    space: [{ name: "model", cases: [{ range: { values: ["lenet5", resolve("/sweeps/net.json")] } }] }],
  });
  expect((await read(WHOLE)).data).toBe("digits");
});

it("names all contradictions at once, each with its place", async () => {
  const message = await problemsOf({
    data: "digits",
    base: { epochs: 0, optimiser: "adam", batchSize: 32, validation: 0 },
    space: {
      learningRate: { logUniform: [0, 1] },
      weightDecay: { uniform: [0, 0.1], when: { optimizer: "adamw", model: "lenet5" } },
      optimizer: ["adam", "adam", "sdg"],
      batchSize: { uniform: [8, 64] },
      seed: [1, 2],
      fold: ["1/5", "2/5"],
      patience: { integers: [5, 1] },
      augment: { values: [true], points: 3 },
    },
    strategy: "grit",
    asha: { reduction: 1 },
    seeds: 4,
    budget: { runs: 3, hours: 1 },
    __proto__x: 1,
  });
  expect(message.split("\n")).toEqual([
    expect.stringMatching(/^\/sweeps\/sweep\.json has \d+ problems; nothing was begun:$/),
    "  /__proto__x: is no field of a sweep",
    "  /base/epochs: epochs must be a whole number, 1 or more; got 0",
    '  /base/optimiser: is no training option that decides a result; did you mean "optimizer"?',
    expect.stringContaining("/base/validation: holds nothing out for validation"),
    expect.stringContaining("/space/learningRate/logUniform: must lie above 0; got [0,1]"),
    expect.stringContaining('/space/optimizer/1: is in the list already: "adam"'),
    expect.stringContaining("/space/optimizer/2: optimizer must be one of"),
    expect.stringContaining(
      "/space/batchSize/uniform: batchSize must be a whole number, 1 or more, and this range has",
    ),
    expect.stringContaining("/space/seed: cannot be searched: the best seed is chance"),
    expect.stringContaining("/space/fold: cannot be searched: it decides which examples validate"),
    expect.stringContaining("/space/patience/integers: must have the lower number first; got [5,1]"),
    expect.stringContaining("/space/augment/points: has no meaning here"),
    expect.stringContaining(
      '/space/weightDecay: applies when optimizer is "adamw", which it never is in this space',
    ),
    expect.stringContaining(
      "/space/weightDecay: applies when model has a value, and model is not in the space",
    ),
    expect.stringContaining('/strategy: must be one of grid, random, asha; got "grit"; did you mean "grid"?'),
    expect.stringContaining("/asha: has no meaning with the strategy random"),
    expect.stringContaining("/asha/reduction: must be a whole number, 2 or more; got 1"),
    expect.stringContaining("/budget/hours: is no field of budget"),
    expect.stringContaining("/budget/runs: is below seeds, 4"),
  ]);
});

it.each([
  ["{", "/: is not JSON"],
  ["[]", "/: must be an object; got []"],
  ['{ "__proto__": { "data": "digits" } }', "/__proto__: is no field of a sweep"],
  [{ ...WHOLE, space: {} }, "/space: has no option"],
  [{ ...WHOLE, budget: {} }, "/budget: must state runs or minutes"],
  [{ ...WHOLE, base: { learningRate: 0.1 } }, "/base/learningRate: is in space too"],
  [
    { ...WHOLE, strategy: "grid" },
    '/space/learningRate: has a continuum of values, and a grid takes all: add "points"',
  ],
  [{ ...WHOLE, space: { optimizer: ["adam", "sgd"] } }, "asks for 9 configurations, and the space has 2"],
  [
    { ...WHOLE, strategy: "grid", space: { batchSize: { integers: [8, 64], step: 8 } }, budget: { runs: 5 } },
    "/budget/runs: does not suffice for the 8 configurations of the grid: it must be 8",
  ],
  [
    { ...WHOLE, strategy: "grid", space: { batchSize: { integers: [1, 100_000] } }, budget: {} },
    "/space: has more than 10000 configurations",
  ],
  [{ ...WHOLE, strategy: "asha", base: {} }, "/base: must state epochs with asha"],
  [
    { ...WHOLE, strategy: "asha", asha: { firstEpochs: 9 } },
    "/asha/firstEpochs: must be below base/epochs, 9; got 9",
  ],
  [{ ...WHOLE, strategy: "asha", budget: { runs: 2 } }, "/budget/runs: makes 2 configurations"],
  [
    { ...WHOLE, strategy: "asha", base: {}, space: { epochs: [3, 9] } },
    "/space/epochs: cannot be searched with asha",
  ],
  [
    { ...WHOLE, space: { window: { uniform: [1, 3] } } },
    "/space/window: is for sound, and these data are images",
  ],
  [
    { ...WHOLE, space: { model: ["mel-cnn", "lenet5"] }, budget: { runs: 2 } },
    "mel-cnn is for sound; for images there are",
  ],
  [
    { ...WHOLE, base: { from: "a", epochs: 3 } },
    '/space/learningRate: has no meaning where the network of "from" stays frozen',
  ],
  [
    {
      ...WHOLE,
      space: {
        optimizer: { values: ["adam"], when: { flip: "none" } },
        flip: { values: ["none"], when: { optimizer: "adam" } },
      },
    },
    "/space: has conditions that go in a circle: optimizer, flip",
  ],
])("refuses %j", async (content, message) => {
  expect(await problemsOf(content)).toContain(message);
});

describe("configurations", () => {
  const space = {
    optimizer: ["adamw", "sgd"],
    learningRate: {
      cases: [{ logUniform: [1e-4, 1e-2], when: { optimizer: "adamw" } }, { logUniform: [1e-2, 1] }],
    },
    weightDecay: { values: [0.01, 0.1], when: { optimizer: "adamw" } },
  };

  it("are drawn with the conditions that hold, never twice, the same for any number of them", async () => {
    const sweep = await read({ ...WHOLE, space, budget: { runs: 40 } });
    const more = configurationsOf(await read({ ...WHOLE, space, budget: { runs: 60 } }));
    const source = configurationsOf(sweep);
    const all = Array.from({ length: 40 }, (_, i) => source(i));
    expect(source(40)).toBeUndefined();
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(40);
    all.forEach((one, i) => expect(one).toEqual(more(i)));
    for (const one of all) {
      const { optimizer, learningRate = 0, weightDecay } = one ?? {};
      expect(weightDecay === undefined).toBe(optimizer === "sgd");
      expect(learningRate >= 1e-2).toBe(optimizer === "sgd");
      // What a table shows is what is trained with.
      expect(Number(learningRate.toPrecision(4))).toBe(learningRate);
    }
    expect(new Set(all.map((one) => one?.optimizer)).size).toBe(2);
  });

  it("draw an option as before when others are added", async () => {
    const few = configurationsOf(await read(WHOLE));
    const wider = { ...WHOLE.space, batchSize: [16, 32, 64] };
    const many = configurationsOf(await read({ ...WHOLE, space: wider }));
    for (let i = 0; i < 9; i++) expect(many(i)).toMatchObject(few(i) ?? {});
  });

  it("of a grid are all, the last option changing quickest", async () => {
    const grid = {
      optimizer: ["adamw", "sgd"],
      weightDecay: { values: [0.01, 0.1], when: { optimizer: "adamw" } },
      learningRate: { logUniform: [1e-4, 1e-2], points: 3 },
    };
    const source = configurationsOf(await read({ ...WHOLE, space: grid, strategy: "grid", budget: {} }));
    const all = Array.from({ length: 10 }, (_, i) => source(i)).filter((one) => one !== undefined);
    expect(all).toEqual([
      ...[1e-4, 1e-3, 1e-2].map((learningRate) => ({ optimizer: "adamw", weightDecay: 0.01, learningRate })),
      ...[1e-4, 1e-3, 1e-2].map((learningRate) => ({ optimizer: "adamw", weightDecay: 0.1, learningRate })),
      ...[1e-4, 1e-3, 1e-2].map((learningRate) => ({ optimizer: "sgd", learningRate })),
    ]);
  });
});

it("is described by the published schema", async () => {
  const path = new URL("../../docs/sweep.schema.json", import.meta.url);
  const published: unknown = JSON.parse(await readFile(path, "utf8"));
  expect(published, "write docs/sweep.schema.json again").toEqual(
    JSON.parse(JSON.stringify(sweepFileSchema())),
  );
});

import { afterEach, expect, it, vi } from "vitest";
import { servedRuns, testedExamples } from "./served-runs.ts";

afterEach(() => void vi.unstubAllGlobals());

function answering(files: Readonly<Record<string, unknown>>): void {
  vi.stubGlobal("fetch", (address: string) =>
    Promise.resolve(
      address in files
        ? Response.json(files[address])
        : Response.json({ error: "the run is not finished" }, { status: 404 }),
    ),
  );
}

const RUN = {
  name: "one",
  address: "runs/one/",
  data: "drums",
  model: "mel-cnn",
  files: ["best.safetensors"],
};

it("lists the runs that have a model, and none where nothing serves them", async () => {
  answering({ "./runs/index.json": { runs: [RUN, { ...RUN, name: "two", files: [] }] } });
  expect(await servedRuns()).toEqual([RUN]);
  answering({});
  expect(await servedRuns()).toEqual([]);
});

it("joins predictions with the addresses of their examples", async () => {
  answering({
    "./runs/one/predictions.json": {
      test: [
        { id: "a", truth: [1], outputs: [0.2, 0.8] },
        { id: "b", truth: [0], outputs: [0.1, 0.9] },
      ],
      validation: [{ id: "c", truth: [0], outputs: [1, 0] }],
    },
    "./runs/one/examples/index.json": { examples: [{ id: "a" }, { id: "b", start: 2, end: 5 }, { id: "c" }] },
  });
  const examples = await testedExamples(RUN);
  expect(examples).toEqual([
    { address: "./runs/one/examples/0", id: "a", truth: [1], outputs: [0.2, 0.8] },
    { address: "./runs/one/examples/1", id: "b", truth: [0], outputs: [0.1, 0.9], start: 2, end: 5 },
  ]);
});

it("says what the server says of a run without predictions", async () => {
  answering({});
  await expect(testedExamples(RUN)).rejects.toThrow("one: the run is not finished");
});

import { describe, expect, it } from "vitest";
import { AudioModel } from "../audio-model/audio-model.ts";
import type { FrontEndOptions } from "../audio/front-end/index.ts";
import { Model, type Json } from "../nn/index.ts";
import { soundModel, stretches } from "../onnx/export/testing/built-in-models.ts";
import { Machine } from "../web-runtime/machine.ts";
import { requirePlan, type PlanOf, type SoundPlan } from "../web-runtime/plan.ts";
import { SoundModel } from "../web-runtime/sound-model.ts";
import { compileForWeb } from "./compile-model.ts";

/** The model as a page has it: from the text of its plan and the bytes of its file. */
function onPage(model: Model, threads: number): SoundModel {
  const { plan, binary } = compileForWeb(model, { title: "a", weights: "float32" });
  const read = requirePlan(JSON.parse(JSON.stringify(plan)), "model.json") as PlanOf<SoundPlan>;
  return new SoundModel(read, new Machine(read, binary, threads));
}

/** The same model for plain WebAssembly. */
function onWasm(model: Model): Model {
  const plain = new Model(model.network, { threads: 1, target: "wasm" });
  plain.metadata = model.metadata;
  return plain;
}

/** Windows in the recordings of these tests: one batch, and two more. */
const WINDOWS = 10;
const BATCH = 8;

async function expectSame({ model, sampleRate, samples }: ReturnType<typeof soundModel>, threads = 1) {
  const [sound] = await stretches(1, sampleRate, Math.round((WINDOWS - 0.5) * samples));
  const page = onPage(model, threads);
  const plain = onWasm(model);
  const cut = await page.cut(sound);
  const x = cut.windows(cut.starts);
  expect(cut.starts).toHaveLength(WINDOWS);
  // The last two windows make a batch of 8 in the page, and one of 2 in Node.js: another program.
  const size = BATCH * (x.data.length / WINDOWS);
  const first = { shape: [BATCH, ...x.shape.slice(1)], data: x.data.subarray(0, size) };
  const raw = await plain.predict(first, { batchSize: BATCH });
  expect((await page.answer(first)).data).toEqual(raw.data);
  const wanted = await new AudioModel(plain).predict(sound);
  const heard = await page.hear([sound]);
  expect({ ...heard, outputs: [], windows: heard.windows.map(({ start, end }) => ({ start, end })) }).toEqual(
    { ...wanted, outputs: [], windows: wanted.windows.map(({ start, end }) => ({ start, end })) },
  );
  heard.outputs.forEach((output, i) => expect(output).toBeCloseTo(wanted.outputs[i], 5));
}

describe("a model of sound that was compiled for the web has the bits of Node.js", () => {
  it.each([
    ["mel-cnn", "classification"],
    ["m5", "regression"],
    ["musicnn", "tagging"],
  ] as const)("%s, %s", async (name, task) => {
    await expectSame(soundModel(name, task, name === "m5" ? {} : { steps: 40 }));
  });

  const frontEnds: readonly FrontEndOptions[] = [
    { kind: "spectrogram", sampleRate: 8000, scale: { kind: "decibels", reference: "max", topDb: 60 } },
    { kind: "mfcc", sampleRate: 8000, deltas: { order: 2, width: 9 } },
    { kind: "constantQ", sampleRate: 8000, bins: 24 },
  ];
  it.each(frontEnds.map((options) => [options.kind, options] as const))(
    "with the front end %s",
    async (_, frontEnd) => {
      await expectSame(soundModel("mel-cnn", "classification", { frontEnd, steps: 32 }));
    },
  );

  it("on two threads", async () => {
    await expectSame(soundModel("mel-cnn", "tagging", { steps: 32 }), 2);
  });

  it("and says the same of a recording that is unlike the training's", async () => {
    const made = soundModel("mel-cnn", "classification", { steps: 32 });
    const { audio } = made.model.metadata as { readonly audio: Readonly<Record<string, Json>> };
    // Muffled, loud and clean: the test's recordings are none of it. This front end leaves the level out.
    const heard = { bandwidth: [500, 900], level: [-3, -1], noiseFloor: [-110, -100] };
    made.model.metadata = { audio: { ...audio, heard } };
    const [sound] = await stretches(1, made.sampleRate, 3 * made.samples);
    const { outside } = await onPage(made.model, 1).hear([sound]);
    expect(outside?.map(({ quantity }) => quantity)).toEqual(["bandwidth", "noiseFloor"]);
    expect(outside).toEqual((await new AudioModel(made.model).predict(sound)).outside);
    expect(
      await onPage(soundModel("mel-cnn", "classification", { steps: 32 }).model, 1).hear([sound]),
    ).not.toHaveProperty("outside");
  });
});

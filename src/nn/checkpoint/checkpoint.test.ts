import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { readSafetensors, writeSafetensors } from "../../io/safetensors.ts";
import { Generator } from "../../random/generator.ts";
import { earlyStopping, reduceLROnPlateau, type Callback } from "../callbacks/index.ts";
import { log } from "../../ops/exponential.ts";
import { subtract } from "../../ops/arithmetic.ts";
import type { Model } from "../model.ts";
import { adadelta, adagrad, adam, adamax, adamw, nadam, rmsprop, sgd } from "../optimizers/index.ts";
import { cosineDecay, reduceOnPlateau } from "../schedules/index.ts";
import { line, linearModel, smallClassifier, stripes } from "../testing/small-models.ts";
import { modelFromBytes, modelToBytes } from "./index.ts";
import { loadModel, modelCheckpoint, saveModel } from "./model-file.ts";
import { AURICLE_VERSION } from "../../version.ts";

const train = stripes(40);
const validation = stripes(12, 9);

function compiled(threads = 1): Model {
  const model = smallClassifier({ threads });
  model.compile({
    optimizer: adam({ learningRate: cosineDecay({ initialLearningRate: 0.02, decaySteps: 30 }) }),
    loss: { name: "softmaxCrossEntropy", labelSmoothing: 0.1 },
    metrics: ["accuracy"],
  });
  return model;
}

const OPTIONS = { batchSize: 16, validationData: [validation.x, validation.y] } as const;

function callbacks(): Callback[] {
  return [earlyStopping({ patience: 20 }), reduceLROnPlateau({ patience: 1, minDelta: 10 })];
}

describe("a training that is saved, loaded and resumed", () => {
  it.each([1, 2])("ends with the same bits as one that never stopped, %i threads", async (threads) => {
    const straight = compiled(threads);
    const whole = await straight.fit(train.x, train.y, { ...OPTIONS, epochs: 4, callbacks: callbacks() });
    const first = compiled(threads);
    let bytes = new Uint8Array(0);
    const save: Callback = { onEpochComplete: () => void (bytes = modelToBytes(first)) };
    await first.fit(train.x, train.y, { ...OPTIONS, epochs: 2, callbacks: [...callbacks(), save] });
    const second = modelFromBytes(bytes, "half.safetensors", { threads });
    expect(second.step).toBe(2 * 3);
    const resumed = await second.fit(train.x, train.y, {
      ...OPTIONS,
      epochs: 4,
      resume: true,
      callbacks: callbacks(),
    });
    expect(resumed).toEqual(whole);
    expect(second.getWeights()).toEqual(straight.getWeights());
    expect(second.trainer.snapshot()).toEqual(straight.trainer.snapshot());
    expect(second.trainer.callbackStates).toEqual(straight.trainer.callbackStates);
    expect(modelToBytes(second)).toEqual(modelToBytes(straight));
  });

  it.each([
    sgd({ momentum: 0.9, nesterov: true }),
    rmsprop({ momentum: 0.5, centered: true }),
    adagrad(),
    adadelta({ learningRate: 1 }),
    adam({ amsgrad: true }),
    adamax(),
    adamw(),
    nadam(),
  ])("keeps the state of $name", async (optimizer) => {
    const { x, y } = line(8);
    const fitted = async (model: Model, epochs: number) => {
      await model.fit(x, y, { epochs, batchSize: 4, resume: true });
      return model;
    };
    const compiledLine = () => {
      const model = linearModel();
      model.compile({ optimizer, loss: "mse" });
      return model;
    };
    const straight = await fitted(compiledLine(), 4);
    const half = modelToBytes(await fitted(compiledLine(), 2));
    const resumed = await fitted(modelFromBytes(half, "half"), 4);
    expect(resumed.trainer.snapshot()).toEqual(straight.trainer.snapshot());
    expect(resumed.trainer.slots.length).toBe(optimizer.slots.length);
  });

  it("keeps the state of a schedule that watches the loss", async () => {
    const { x, y } = line(8);
    const schedule = reduceOnPlateau({ initialLearningRate: 1e-9, patience: 1, minDelta: 1 });
    const model = linearModel();
    model.compile({ optimizer: sgd({ learningRate: schedule }), loss: "mse" });
    await model.fit(x, y, { epochs: 2 });
    expect(model.learningRate).toBeCloseTo(1e-10, 16);
    const loaded = modelFromBytes(modelToBytes(model).buffer);
    expect(loaded.learningRate).toBe(model.learningRate);
  });
});

describe("a model file", () => {
  it("holds weights and metadata, and a training only when wanted", async () => {
    const model = compiled();
    await model.fit(train.x, train.y);
    model.freeze("conv2d_1");
    model.metadata = { classNames: ["a", "b", "c"], sampleRate: 22050 };
    const bytes = modelToBytes(model, { includeTraining: false });
    const loaded = modelFromBytes(bytes, "m", { threads: 1 });
    expect(loaded.isCompiled).toBe(false);
    expect(loaded.metadata).toEqual(model.metadata);
    expect(loaded.layers.map(({ trainable }) => trainable)).toEqual([false, true, true, true, true, true]);
    expect(await loaded.predict(train.x)).toEqual(await model.predict(train.x));
    const { tensors } = readSafetensors(bytes, "m");
    expect([...tensors.keys()]).toContain("weights/dense_1/kernel");
    expect([...tensors.keys()].filter((name) => !name.startsWith("weights/"))).toEqual([]);
  });

  it("cannot hold a loss function; given again, the training goes on", async () => {
    const { x, y } = line(8);
    const loss = (targets: Parameters<typeof subtract>[0], outputs: Parameters<typeof subtract>[0]) =>
      log(subtract(outputs, subtract(targets, 1000)));
    const model = linearModel();
    model.compile({ optimizer: adam(), loss });
    await model.fit(x, y);
    const bytes = modelToBytes(model);
    expect(modelFromBytes(bytes, "m").isCompiled).toBe(false);
    const loaded = modelFromBytes(bytes, "m", { loss });
    expect(loaded.trainer.snapshot()).toEqual(model.trainer.snapshot());
  });

  it("bears the package's version", async () => {
    const text = await readFile(new URL("../../../package.json", import.meta.url), "utf8");
    expect(JSON.parse(text).version).toBe(AURICLE_VERSION);
  });
});

function failureOf(bytes: Uint8Array): AuricleError | undefined {
  try {
    modelFromBytes(bytes, "bad.safetensors");
  } catch (error) {
    if (error instanceof AuricleError) return error;
    throw error;
  }
  return undefined;
}

/** The same file with one metadata text replaced. */
function withMetadata(bytes: Uint8Array, changes: Record<string, string>): Uint8Array {
  const { tensors, metadata } = readSafetensors(bytes, "m");
  return writeSafetensors(tensors, { ...metadata, ...changes });
}

describe("damaged and foreign files", () => {
  const bytes = modelToBytes(compiled());

  it("are refused wherever a byte changed", () => {
    const random = new Generator(4);
    for (let trial = 0; trial < 300; trial++) {
      const damaged = bytes.slice();
      const at = random.integer(bytes.length);
      damaged[at] ^= 1 + random.integer(255);
      const failure = failureOf(damaged);
      expect(failure?.code, `byte ${at}: ${bytes[at]} became ${damaged[at]}`).toBe("file");
      expect(failure?.message).toMatch(/^bad\.safetensors: /);
    }
  });

  it("are refused wherever they end too early", () => {
    const random = new Generator(5);
    for (let trial = 0; trial < 100; trial++) {
      expect(failureOf(bytes.slice(0, random.integer(bytes.length)))?.code).toBe("file");
    }
  });

  it("get a message that says what they are", () => {
    expect(failureOf(writeSafetensors(new Map()))?.message).toMatch(/must be a model file, .* got none/);
    expect(failureOf(withMetadata(bytes, { formatVersion: "2", auricleVersion: "9.0.0" }))?.message).toMatch(
      /has format version 2, written by Auricle 9\.0\.0; .* reads version 1/,
    );
    expect(failureOf(withMetadata(bytes, { training: "{}" }))?.message).toMatch(/checksum does not fit/);
  });

  it("with a fitting checksum but senseless content are refused too", async () => {
    const { checksum } = await import("./checksum.ts");
    const { tensors, metadata } = readSafetensors(bytes, "m");
    const forge = (model: string, training = metadata.training, kept = tensors) =>
      failureOf(
        writeSafetensors(kept, { ...metadata, model, training, checksum: checksum([model, training], kept) }),
      )?.message;
    const parsed = JSON.parse(metadata.model);
    expect(forge("{")).toMatch(/its model description is not JSON/);
    expect(forge("{}")).toMatch(/its model description is malformed: .*network/s);
    const unknown = {
      ...parsed,
      network: { ...parsed.network, layers: [{ className: "Magic", config: {} }] },
    };
    expect(forge(JSON.stringify(unknown))).toMatch(/bad\.safetensors: .*Magic/);
    const missing = new Map([...tensors].filter(([name]) => name !== "weights/dense_1/bias"));
    expect(forge(metadata.model, metadata.training, missing)).toMatch(/"dense_1\/bias" \[3\] is missing/);
    const slotless = new Map([...tensors].filter(([name]) => name !== "optimizer/momentum/dense_1/bias"));
    expect(forge(metadata.model, metadata.training, slotless)).toMatch(
      /tensor "optimizer\/momentum\/dense_1\/bias" \[3\] is missing/,
    );
    const training = JSON.parse(metadata.training);
    const optimizer = { name: "lion", config: {} };
    expect(forge(metadata.model, JSON.stringify({ ...training, optimizer }))).toMatch(/got "lion"/);
    expect(forge(metadata.model, JSON.stringify({ ...training, step: -1 }))).toMatch(/malformed: .*step/s);
  });
});

describe("model files on disk", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "auricle-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("come back, and leave nothing else behind", async () => {
    const model = compiled();
    const path = join(folder, "m.safetensors");
    await saveModel(model, path);
    await saveModel(model, path);
    expect(await readdir(folder)).toEqual(["m.safetensors"]);
    const loaded = await loadModel(path);
    expect(loaded.getWeights()).toEqual(model.getWeights());
    await expect(loadModel(join(folder, "none"))).rejects.toThrow(/cannot read .*none/);
    await writeFile(path, "not a model");
    await expect(loadModel(path)).rejects.toMatchObject({ code: "file" });
  });

  it("a checkpoint after each epoch lets a run that failed end like one that did not", async () => {
    const straight = compiled();
    const whole = await straight.fit(train.x, train.y, { ...OPTIONS, epochs: 3 });
    const path = join(folder, "last.safetensors");
    const killed = compiled();
    const failing: Callback = {
      onBatchEnd(batch) {
        if (killed.step === 8 && batch === 1) throw new Error("killed");
      },
    };
    const training = killed.fit(train.x, train.y, {
      ...OPTIONS,
      epochs: 3,
      callbacks: [modelCheckpoint(killed, { path }), failing],
    });
    await expect(training).rejects.toThrow("killed");
    const model = await loadModel(path, { threads: 1 });
    const resumed = await model.fit(train.x, train.y, { ...OPTIONS, epochs: 3, resume: true });
    expect(resumed).toEqual(whole);
    expect(model.getWeights()).toEqual(straight.getWeights());
  });

  it("the best one is kept when only that is wanted", async () => {
    const path = join(folder, "best.safetensors");
    const model = linearModel();
    model.compile({ optimizer: sgd({ learningRate: 0.1 }), loss: "mse" });
    const { x, y } = line(8);
    const best = modelCheckpoint(model, { path, saveBestOnly: true, mode: "max" });
    await model.fit(x, y, { epochs: 3, callbacks: best });
    // The loss falls, so the "best" by the highest loss is the first epoch.
    expect((await loadModel(path)).trainer.epoch).toBe(1);
  });
});

/** @file The content of an exported file, and models and options that are refused. */
import { fromBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { add, dense, input, Model } from "../../nn/index.ts";
import { graphNetwork } from "../../nn/network-builders.ts";
import { expectClose } from "../../testing/compare.ts";
import { testValues } from "../../testing/values.ts";
import { exportOnnx } from "../index.ts";
import { ModelProtoSchema } from "../schema/onnx_pb.ts";
import { OnnxBuilder } from "./builder.ts";
import { CLASS_NAMES, pictureModel, soundModel } from "./testing/built-in-models.ts";
import { openOnnx } from "./testing/run-onnx.ts";

describe("the file", () => {
  const { model } = soundModel("mel-cnn", "classification");
  const file = exportOnnx(model);
  const content = fromBinary(ModelProtoSchema, file.bytes);
  const nodes = content.graph?.node ?? [];

  it("is a short graph: what normalisations do is in the weights, and axes change places once", () => {
    const count = (type: string) => nodes.filter(({ opType }) => opType === type).length;
    expect(count("Conv")).toBe(4);
    expect(count("Transpose")).toBe(1);
    expect(count("MaxPool")).toBe(4);
    expect([count("Gemm"), count("Softmax"), count("Expand")]).toEqual([1, 1, 0]);
    expect(nodes.length).toBeLessThanOrEqual(50);
  });

  it("names the classes, the rate, the window, the front end, and what is left to the caller", () => {
    const metadata = Object.fromEntries(content.metadataProps.map(({ key, value }) => [key, value]));
    expect(metadata).toEqual(file.metadata);
    expect(JSON.parse(metadata.classNames)).toEqual(CLASS_NAMES);
    expect(metadata).toMatchObject({ task: "classification", sampleRate: "22050", windowSamples: "65536" });
    expect(JSON.parse(metadata.frontEnd)).toMatchObject({ kind: "melSpectrogram", fftSize: 2048 });
    expect(metadata.averaging).toContain("the mean of the answers for evenly spaced windows");
    expect(content.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([["", 17n]]);
  });

  it("is the same each time", () => {
    expect(Buffer.compare(exportOnnx(model).bytes, file.bytes)).toBe(0);
  });
});

it("tells inputs and outputs apart that the network calls alike", async () => {
  const inputs = ["dense_1", "x", "dense_1_2"].map((name) => input({ shape: [2], name }));
  const outputs = dense({ units: 2, name: "dense_1" }).apply(add().apply(inputs));
  const model = new Model(graphNetwork({ inputs, outputs }, { seed: 1 }), { threads: 1 });
  const file = exportOnnx(model);
  expect(file.outputs.map(({ name }) => name)).toEqual(["dense_1_3"]);
  const x = inputs.map((_, i) => testValues("normal", [3, 2], i));
  const run = await openOnnx(file.bytes);
  const [actual] = await run(Object.fromEntries(file.inputs.map(({ name }, i) => [name, x[i]])));
  expectClose(actual.data, (await model.predict(x)).data, 1e-5, "the output");
});

it("gives equal constants one name, 0 and -0 two", () => {
  const builder = new OnnxBuilder();
  const nameOf = (value: number) => builder.number(value);
  expect(nameOf(0)).toBe(nameOf(0));
  expect(nameOf(-0)).not.toBe(nameOf(0));
  expect(nameOf(Number.NaN)).toBe(nameOf(Number.NaN));
});

it("refuses features where there is no front end, and options that there are not", () => {
  const model = pictureModel("lenet5", "classification", 28, 1);
  expect(() => exportOnnx(model, { from: "features" })).toThrow(
    "export: lenet5 has no front end: features are the input of models of sound",
  );
  expect(() => exportOnnx(model, { from: "sound" } as object)).toThrow(
    'from must be "waveform" or "features"; got "sound"',
  );
  expect(() => exportOnnx(model, { opset: 9 } as object)).toThrow('got "opset"');
});

/** @file The content of an exported file, and models and options that are refused. */
import { fromBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { exportOnnx } from "../index.ts";
import { ModelProtoSchema } from "../schema/onnx_pb.ts";
import { CLASS_NAMES, pictureModel, soundModel } from "./testing/built-in-models.ts";

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

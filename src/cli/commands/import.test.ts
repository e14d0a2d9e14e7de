/** @file `auricle import` of ONNX files: models of pictures and of sound that other commands take, and what is refused. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { loadModel } from "../../nn/checkpoint/model-file.ts";
import { withExternalData } from "../../onnx/import/testing/external.ts";
import { onnxBytes, type SmallGraph } from "../../onnx/import/testing/onnx-bytes.ts";
import { stripesFile } from "../../runs/testing/pictures.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";

/** Means of each colour, as probabilities of three classes. */
const COLORS: SmallGraph = {
  inputs: { image: [1, 3, 16, 16] },
  outputs: ["p"],
  constants: { w: { shape: [3, 3, 1, 1], floats: [9, 0, 0, 0, 9, 0, 0, 0, 9] } },
  nodes: [
    { op: "Conv", inputs: ["image", "w"], outputs: ["a"] },
    { op: "GlobalAveragePool", inputs: ["a"], outputs: ["b"] },
    { op: "Flatten", inputs: ["b"], outputs: ["c"] },
    { op: "Softmax", inputs: ["c"], outputs: ["p"] },
  ],
};

it("a network on pictures becomes a model that predict and summary take, with what was assumed said", async () => {
  const folder = await temporaryFolder();
  const [source, out, names, picture] = ["c.onnx", "c.safetensors", "names.txt", "stripes.bmp"].map((name) => join(folder, name)); // prettier-ignore
  await writeFile(source, onnxBytes(COLORS));
  await writeFile(names, "red\ngreen\nblue\n");
  await writeFile(picture, stripesFile({ stands: true, seed: 1 }));
  const made = await auricle(["import", source, "--out", out, "--classes", names, "--scale", "signed"]);
  expect([made.code, made.stderr]).toEqual([0, ""]);
  expect(made.stdout).toMatch(/From: +ONNX, \d+ layers, 9 numbers to train/);
  expect(made.stdout).toMatch(/Output: .*classification: red, green, blue/);
  expect(made.stdout.replace(/\s+/g, " ")).toContain("the last softmax is left out of the network");
  const predicted = await auricle(["predict", out, picture, "--json"]);
  expect(predicted.code).toBe(0);
  const [answer] = jsonLines(predicted.stdout);
  expect(["red", "green", "blue"]).toContain(answer.class);
  const summary = await auricle(["summary", out]);
  expect(summary.stdout).toMatch(/Normalization[\s\S]*Conv2D/);
  const { network } = await loadModel(out, { threads: 1 });
  expect(network.inputShapes).toEqual([[16, 16, 3]]);
});

it("a network on samples becomes a model of sound; one by itself is written as it is, and says so", async () => {
  const folder = await temporaryFolder();
  const [source, out] = ["w.onnx", "w.safetensors"].map((name) => join(folder, name));
  await writeFile(
    source,
    onnxBytes({
      inputs: { x: ["batch", 1, 4000] },
      outputs: ["y"],
      constants: { w: { shape: [2, 1, 5], floats: [1, 2, 3, 4, 5, 5, 4, 3, 2, 1] } },
      nodes: [
        { op: "Conv", inputs: ["x", "w"], outputs: ["a"] },
        { op: "Relu", inputs: ["a"], outputs: ["b"] },
        { op: "GlobalMaxPool", inputs: ["b"], outputs: ["c"] },
        { op: "Flatten", inputs: ["c"], outputs: ["y"] },
      ],
    }),
  );
  const sound = await auricle([
    "import",
    source,
    "--out",
    out,
    "--rate",
    "8000",
    "--classes",
    "up,down",
    "--json",
  ]);
  expect(sound.code).toBe(0);
  const [event] = jsonLines(sound.stdout);
  expect(event).toMatchObject({
    kind: "sound",
    task: "classification",
    classNames: ["up", "down"],
    opset: 17,
  });
  const { metadata } = await loadModel(out, { threads: 1 });
  expect(metadata.audio).toMatchObject({
    frontEnd: { kind: "waveform", sampleRate: 8000 },
    windowFrames: 4000,
  });
  const alone = await auricle(["import", source, "--out", out, "--json"]);
  expect(jsonLines(alone.stdout)[0]).toMatchObject({ kind: "none" });
  const wrong = await auricle([
    "import",
    source,
    "--out",
    out,
    "--rate",
    "8000",
    "--classes",
    "up,down,left",
  ]);
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toMatch(/has 2 outputs, which need as many names/);
});

it("nodes without a counterpart are listed, also as JSON, and nothing is written", async () => {
  const folder = await temporaryFolder();
  const [source, out] = ["r.onnx", "r.safetensors"].map((name) => join(folder, name));
  await writeFile(
    source,
    onnxBytes({
      inputs: { x: ["batch", "time", 4] },
      outputs: ["y"],
      nodes: [
        { op: "GRU", inputs: ["x"], outputs: ["a"] },
        { op: "Loop", inputs: ["a"], outputs: ["y"] },
      ],
    }),
  );
  const { code, stdout, stderr } = await auricle(["import", source, "--out", out, "--json"]);
  expect(code).toBe(1);
  expect(jsonLines(stdout)).toMatchObject([
    {
      event: "unsupported",
      format: "ONNX",
      nodes: [{ operation: "GRU" }, { operation: "Loop" }, { node: "x" }],
    },
  ]);
  expect(stderr).toMatch(/2 nodes and 1 input cannot be imported/);
  await expect(loadModel(out)).rejects.toThrow(/no such file|cannot read/);
});

it("numbers in a file beside the model are read; names that lead out of the folder, and files that are not there, are refused", async () => {
  const folder = await temporaryFolder();
  const inner = join(folder, "inner");
  await mkdir(inner);
  const [source, out] = ["model.onnx", "m.safetensors"].map((name) => join(inner, name));
  const import_ = async (location: string) => {
    const { model, data } = withExternalData(onnxBytes(COLORS), (fields) => ({ ...fields, location }));
    await writeFile(source, model);
    await writeFile(join(folder, "outside.data"), data);
    return { data, ...(await auricle(["import", source, "--out", out])) };
  };
  for (const location of ["../outside.data", join(folder, "outside.data"), "sub/model.data", ".."]) {
    const { code, stderr } = await import_(location);
    expect(code, location).toBe(1);
    expect(stderr.replace(/\s+/g, " ")).toContain("only plain names of files in the same folder are read");
  }
  const { stderr, data } = await import_("model.onnx.data");
  expect(stderr).toMatch(/no such folder or file: .*model\.onnx\.data/);
  await writeFile(join(inner, "model.onnx.data"), data);
  expect((await import_("model.onnx.data")).code).toBe(0);
  const { network } = await loadModel(out, { threads: 1 });
  expect([...(network.getWeights().values().next().value?.data ?? [])]).toContain(9);
});

it("files that are no model and targets that are no model files are refused", async () => {
  const folder = await temporaryFolder();
  const [source, text] = ["n.onnx", "notes.txt"].map((name) => join(folder, name));
  await writeFile(source, onnxBytes(COLORS));
  await writeFile(text, "hello");
  const refused = async (...argv: string[]) => (await auricle(["import", ...argv])).stderr;
  expect(await refused(text, "--out", join(folder, "m.safetensors"))).toMatch(
    /is in none of the formats that can be imported: .*ONNX \(\.onnx\)/,
  );
  expect(await refused(source, "--out", text)).toMatch(/must end with \.safetensors/);
  expect(await refused(source, "--out", join(folder, "no/m.safetensors"))).toMatch(/no such folder/);
  expect(await refused(source)).toMatch(/name the file to write/);
  expect(await refused(source, "--out", join(folder, "m.safetensors"), "--classes", "a,a,b")).toMatch(
    /names must differ/,
  );
});

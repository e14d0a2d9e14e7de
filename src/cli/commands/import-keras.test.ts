/** @file `auricle import` of Keras' weights alone, into a network that is named. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { KERAS_3 } from "../../formats/keras/testing/keras-cases.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";

const normalized = KERAS_3.filter(({ name }) => name === "normalized")[0];

it("a file of weights alone fills the network of --model, with a report of what matched", async () => {
  const folder = await temporaryFolder();
  const [weights, whole, network, own] = ["w.weights.h5", "w.keras", "n.json", "o.safetensors"].map((name) => join(folder, name)); // prettier-ignore
  await writeFile(weights, normalized.files[".weights.h5"]);
  await writeFile(whole, normalized.files[".keras"]);
  const without = await auricle(["import", weights, "--out", own]);
  expect([without.code, without.stderr.replace(/\s+/g, " ")]).toEqual([
    1,
    expect.stringContaining("name the network by --model"),
  ]);
  const layers = [
    { className: "Normalization", config: { axis: [1], inputShape: [4, 3] } },
    { className: "Flatten" },
    { className: "Dense", config: { units: "classes" } },
  ];
  await writeFile(network, JSON.stringify({ layers }));
  for (const source of [weights, whole]) {
    const made = await auricle([
      "import",
      source,
      "--model",
      network,
      "--input",
      "4x3",
      "--out",
      own,
      "--json",
    ]);
    expect([made.code, made.stderr]).toEqual([0, ""]);
    expect(jsonLines(made.stdout)[0]).toMatchObject({
      format: "Keras",
      outputs: [{ shape: [2] }],
      missing: [],
      unused: [],
      matched: [
        { tensor: "layers/normalization/0", weight: "normalization_1/mean", by: "shape" },
        { tensor: "layers/normalization/1", weight: "normalization_1/variance", by: "shape" },
        { tensor: "layers/dense/0", weight: "dense_1/kernel", by: "shape" },
        { tensor: "layers/dense/1", weight: "dense_1/bias", by: "shape" },
      ],
    });
  }
});

it("--classes is a number of outputs too, which must be the network's", async () => {
  const folder = await temporaryFolder();
  const [whole, out] = ["w.keras", "o.safetensors"].map((name) => join(folder, name));
  await writeFile(whole, normalized.files[".keras"]);
  const right = await auricle(["import", whole, "--out", out, "--classes", "2"]);
  expect([right.code, right.stderr]).toEqual([0, ""]);
  const wrong = await auricle(["import", whole, "--out", out, "--classes", "3"]);
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain("the network has 2 outputs, and --classes says 3");
});

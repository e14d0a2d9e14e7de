/** @file `auricle export --pytorch` and `auricle import`: a model goes to PyTorch and comes back, and what is refused. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadModel, saveModel } from "../../nn/checkpoint/model-file.ts";
import { writeTorchArchive } from "../../formats/pytorch/write-archive.ts";
import { pictureModel } from "../../onnx/export/testing/built-in-models.ts";
import { floatArray } from "../../tensor/array.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";

let folder = "";
const inFolder = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "auricle-"));
  await saveModel(pictureModel("lenet5", "classification", 28, 1), inFolder("digits.safetensors"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("auricle export --pytorch", () => {
  it.each(["digits.pt", "digits-st.safetensors"])(
    "writes %s that comes back with the same numbers",
    async (name) => {
      const { code, stdout } = await auricle([
        "export",
        inFolder("digits.safetensors"),
        "--pytorch",
        inFolder(name),
      ]);
      expect(code).toBe(0);
      expect(stdout).toContain(name);
      const program = await readFile(
        inFolder(name.startsWith("digits.") ? "digits.py" : "digits_st.py"),
        "utf8",
      );
      expect(program).toContain("class Lenet5(nn.Module):");
      expect(program).toContain("Input: grey from 0 to 1, 28 rows and 28 columns");
      expect(program).toContain("Outputs are logits: softmax makes probabilities of them.");
      const out = inFolder("again.safetensors");
      const args = ["import", inFolder(name), "--model", "lenet5", "--out", out, "--json"];
      const result = await auricle(args);
      expect(result.stderr + String(result.code)).toBe("0");
      expect(jsonLines(result.stdout)[0]).toMatchObject({ format: "PyTorch", missing: [], unused: [] });
      const [own, again] = await Promise.all(
        [inFolder("digits.safetensors"), out].map((path) => loadModel(path)),
      );
      expect([...again.getWeights().values()]).toEqual([...own.getWeights().values()]);
    },
  );

  it("writes weights and program into a folder, which an export of later replaces", async () => {
    for (let time = 0; time < 2; time++) {
      const { code, stdout } = await auricle([
        "export",
        inFolder("digits.safetensors"),
        "--pytorch",
        inFolder("out"),
        "--json",
      ]);
      expect(code).toBe(0);
      expect(jsonLines(stdout)[0]).toMatchObject({
        className: "Lenet5",
        program: join(folder, "out", "model.py"),
      });
    }
  });

  it("leaves files alone that no export wrote", async () => {
    await writeFile(inFolder("mine.py"), "print('mine')\n");
    await writeFile(inFolder("other.pt"), "mine");
    for (const name of ["mine.pt", "other.pt"]) {
      const { code, stderr } = await auricle([
        "export",
        inFolder("digits.safetensors"),
        "--pytorch",
        inFolder(name),
      ]);
      expect(code).toBe(1);
      expect(stderr.replace(/\s+/g, " ")).toContain("nothing was written");
    }
    expect(await readFile(inFolder("mine.py"), "utf8")).toBe("print('mine')\n");
  });
});

describe("auricle import of PyTorch's weights", () => {
  it("asks for the network", async () => {
    await writeFile(
      inFolder("w.pt"),
      writeTorchArchive(new Map([["fc.weight", floatArray([1, 2], [1, 2])]])),
    );
    const { code, stderr } = await auricle(["import", inFolder("w.pt"), "--out", inFolder("o.safetensors")]);
    expect(code).toBe(1);
    expect(stderr.replace(/\s+/g, " ")).toContain("name the network that they are of, as --model mel-cnn");
  });

  it("takes a network file, with what fits of it when asked to", async () => {
    const network = {
      layers: [
        { className: "Flatten", config: {} },
        { className: "Dense", config: { units: 4, activation: "relu" } },
        { className: "Dense", config: { units: "classes" } },
      ],
    };
    await writeFile(inFolder("network.json"), JSON.stringify(network));
    const tensors = new Map([
      [
        "body.weight",
        floatArray(
          Array.from({ length: 8 }, (_, i) => i),
          [4, 2],
        ),
      ],
      ["body.bias", floatArray([1, 2, 3, 4], [4])],
      ["head.weight", floatArray([1, 2, 3], [3, 1])],
    ]);
    await writeFile(inFolder("w.pt"), writeTorchArchive(tensors));
    const args = [
      "import",
      inFolder("w.pt"),
      "--model",
      inFolder("network.json"),
      "--input",
      "1x2x1",
      "--out",
      inFolder("o.safetensors"),
    ];
    const strict = await auricle(args);
    expect(strict.code).toBe(1);
    expect(strict.stderr.replace(/\s+/g, " ")).toContain("1 tensors have no place in it: head.weight [3,1]");
    const partial = await auricle([...args, "--partial", "--json"]);
    expect(partial.stderr + String(partial.code)).toBe("0");
    expect(jsonLines(partial.stdout)[0]).toMatchObject({
      matched: [{ tensor: "body.weight" }, { tensor: "body.bias" }],
      unused: [{ tensor: "head.weight" }],
    });
  });
});

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { MODEL_NAMES } from "../../models/index.ts";
import { auricle } from "../testing/command-line.ts";

describe("auricle models", () => {
  it("lists every model with its input, its size and its purpose, within 80 columns", async () => {
    const { code, stdout } = await auricle(["models"]);
    expect(code).toBe(0);
    for (const name of MODEL_NAMES)
      expect(stdout).toMatch(new RegExp(`^${name} +[\\d×]+ +[\\d,]+  \\w`, "m"));
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("gives them as JSON", async () => {
    const { stdout } = await auricle(["models", "--json"]);
    const models = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(models.map(({ name }) => name)).toEqual(MODEL_NAMES);
    expect(models[0]).toMatchObject({ data: "images", inputShape: [28, 28, 1], parameters: 61706 });
  });

  it("prints one as a file that summary shows as it shows the model", async () => {
    const { stdout: text } = await auricle(["models", "lenet5"]);
    const file = join(await temporaryFolder(), "network.json");
    await writeFile(file, text);
    const own = await auricle(["summary", file, "--input", "28x28x1"]);
    expect(own).toEqual(await auricle(["summary", "lenet5"]));
    const { stdout } = await auricle(["summary", file, "--input", "32x32x3", "--classes", "4"]);
    expect(stdout).toContain("input_1: 32×32×3");
    expect(stdout).toMatch(/dense_3 .* 4 /);
  });

  it("shows a file with a front end in time and frequency, for its own window", async () => {
    const { stdout: text } = await auricle(["models", "mel-cnn"]);
    const file = join(await temporaryFolder(), "network.json");
    await writeFile(file, text);
    const { code, stdout } = await auricle(["summary", file]);
    expect(code).toBe(0);
    expect(stdout).toContain("time 129 × frequency 128 × channel 1");
    expect(stdout).toContain("a step of time is\n23.2 ms");
  });

  it("says what is wrong", async () => {
    expect(await auricle(["models", "lenet6"])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/models: name must be one of .*; got "lenet6"; did you mean "lenet5"\?/),
    });
    const folder = await temporaryFolder();
    const file = join(folder, "network.json");
    await writeFile(file, '{ "layers": [{ "className": "Dense", "config": { "units": "classes" } }] }');
    expect((await auricle(["summary", file])).stderr).toContain(
      "takes the shape of its data: name one, as --input 28x28x1",
    );
    expect((await auricle(["summary", file, "--input", "4x4"])).stderr).toContain(
      "must give one output of shape [10]",
    );
    expect((await auricle(["summary", join(folder, "none.json")])).stderr).toContain("none.json");
    expect(await auricle(["summary", "lenet5", "--input", "28x28x1"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--input is for network files"),
    });
    expect((await auricle(["summary", file, "--input", "4x-1"])).code).toBe(2);
  });
});

/** @file `auricle tag` and `auricle pretrained`, and names of pretrained models in other commands. */

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeWav } from "../../audio/index.ts";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { saveModel } from "../../nn/checkpoint/model-file.ts";
import { locatePretrained, PRETRAINED_MODELS } from "../../pretrained/index.ts";
import { ownCache, smallTagger } from "../../pretrained/testing/small-package.ts";
import { writeRecording } from "../../runs/testing/recordings.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";

/** Puts the small tagger into the cache in the place of every published network, and a recording beside it. */
async function cachedTagger(): Promise<{ readonly folder: string; readonly song: string }> {
  const cache = await ownCache();
  const folder = join(cache, "auricle-nodejs", "pretrained");
  await mkdir(folder, { recursive: true });
  for (const { name } of PRETRAINED_MODELS) {
    await saveModel(smallTagger(Float32Array.of(2, -2, 0)), join(folder, `${name}-1.safetensors`));
  }
  const song = join(await temporaryFolder(), "song.wav");
  // A tone about 0.5, the mean of any ten samples: the logits are 1, -1 and 0.
  const samples = Float32Array.from({ length: 26 }, (_, i) => 0.5 + 0.25 * (-1) ** i);
  await writeRecording(song, encodeWav({ sampleRate: 1000, channels: [samples] }));
  return { folder, song };
}

const logistic = (value: number) => 1 / (1 + Math.exp(-value));

describe("auricle tag", () => {
  it("shows the tags from the most probable on, however probable they are", async () => {
    const { song } = await cachedTagger();
    const { code, stdout, stderr } = await auricle(["tag", song, "--threads", "1", "--no-download"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.split("\n").slice(0, 4)).toEqual([
      `${song} (0.0 s): loud, steady, quiet`,
      expect.stringMatching(/^ {2}loud {5}73\.1 % {2}█/),
      expect.stringMatching(/^ {2}steady {3}50\.0 %/),
      expect.stringMatching(/^ {2}quiet {4}26\.9 %/),
    ]);
  });

  it("gives as many as are asked for, in JSON and tables with all probabilities", async () => {
    const { song } = await cachedTagger();
    const { stdout } = await auricle(["tag", song, "--top", "2", "--json", "--threads", "1"]);
    const [said] = jsonLines(stdout);
    expect(said).toMatchObject({ event: "prediction", source: song, tags: ["loud", "steady"] });
    const { loud, quiet } = said.probabilities as Record<string, number>;
    expect(loud).toBeCloseTo(logistic(1), 3);
    expect(quiet).toBeCloseTo(logistic(-1), 3);
    expect(said.windows).toHaveLength(3);
    const table = join(await temporaryFolder(), "tags.csv");
    await auricle(["tag", song, "--top", "1", "--csv", table, "--threads", "1"]);
    const [header, row] = (await readFile(table, "utf8")).split("\r\n");
    expect(header.startsWith("source,seconds,silent,tags,heard in,problem,probability of loud")).toBe(true);
    expect(row.startsWith(`${song},0.026,false,loud,,,0.73`)).toBe(true);
  });

  it("refuses a model that does not tag", async () => {
    const { folder, song } = await cachedTagger();
    const model = smallTagger(Float32Array.of(1, 2, 3));
    const { audio } = model.metadata;
    model.metadata = { audio: { ...(audio as object), task: "classification" } };
    const file = join(folder, "classes.safetensors");
    await saveModel(model, file);
    const { code, stderr } = await auricle(["tag", song, "--model", file]);
    expect([code, stderr]).toEqual([1, `error: tag: the model ${file} is for classification: use predict\n`]);
  });
});

describe("a pretrained model's name", () => {
  it("stands for its file where a model is asked for, and its group's for its first", async () => {
    const { song } = await cachedTagger();
    for (const name of ["vgg-msd", "musicnn"]) {
      const { code, stdout } = await auricle([
        "predict",
        name,
        song,
        "--json",
        "--no-download",
        "--threads",
        "1",
      ]);
      expect(code).toBe(0);
      expect(jsonLines(stdout)[0].tags).toEqual(["loud", "steady"]);
    }
    const onnx = join(await temporaryFolder(), "vgg.onnx");
    expect((await auricle(["export", "vgg-mtt", "--onnx", onnx])).code).toBe(0);
    const { stdout } = await auricle(["summary", "musicnn-mtt"]);
    expect(stdout).toContain("global_average_pooling1d_1");
  });

  it("that is not here is refused without a download, with what to do", async () => {
    await ownCache();
    const { code, stderr } = await auricle(["tag", "song.wav", "--no-download"]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'pretrained model "musicnn-mtt" is not on this machine, and downloads are disabled.',
    );
  });
});

describe("auricle pretrained", () => {
  it("lists what there is, and whether it is here", async () => {
    await cachedTagger();
    const [first] = PRETRAINED_MODELS;
    const path = await locatePretrained(first);
    const { stdout } = await auricle(["pretrained", "--json"]);
    const listed = jsonLines(stdout);
    expect(listed.map(({ name }) => name)).toEqual(PRETRAINED_MODELS.map(({ name }) => name));
    expect(listed[0]).toMatchObject({ licence: "ISC", trainedOn: ["MagnaTagATune"], path });
    const { stdout: table } = await auricle(["pretrained"]);
    for (const line of table.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(80);
    expect(table).toMatch(/^musicnn-msd .* yes$/m);
  });

  it("gets all that a name stands for, and names licence and citation", async () => {
    const { folder } = await cachedTagger();
    const { code, stdout } = await auricle(["pretrained", "musicnn", "--no-download"]);
    expect(code).toBe(0);
    expect(stdout).toContain(join(folder, "musicnn-msd-1.safetensors"));
    expect(stdout.match(/^licence {5}ISC$/gm)).toHaveLength(2);
    expect(stdout).toContain("arXiv:1909.06654");
  });
});

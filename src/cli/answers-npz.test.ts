import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openNpz } from "../formats/npy/index.ts";
import { AnswersNpz, type AnswerRow } from "./answers-npz.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "auricle-"));
});
afterAll(() => rm(folder, { recursive: true }));

const classNames = ["rock", "jazz"];

async function written(task: "classification" | "tagging" | "regression", rows: readonly AnswerRow[]) {
  const path = join(folder, "answers.npz");
  const npz = new AnswersNpz(path, { task, classNames });
  for (const row of rows) npz.add(row);
  npz.close();
  const file = openNpz(await readFile(path), path);
  return Object.fromEntries(file.names.map((name) => [name, file.read(name)]));
}

describe("AnswersNpz", () => {
  it("writes a row for each answer, with classes by number and -1 for those that are not known", async () => {
    const arrays = await written("classification", [
      { source: "a.wav", part: "test", outputs: [0.25, 0.75], target: [0, 1] },
      { source: "é.wav", part: "test", example: 3, outputs: Float32Array.of(1, 0) },
    ]);
    expect(Object.keys(arrays)).toEqual(["source", "outputs", "class_names", "part", "example", "target"]);
    expect(arrays.source.data).toEqual(["a.wav", "é.wav"]);
    expect(arrays.outputs).toEqual({
      shape: [2, 2],
      dtype: "float32",
      data: Float32Array.of(0.25, 0.75, 1, 0),
    });
    expect(arrays.class_names.data).toEqual(classNames);
    expect(arrays.target.data).toEqual(Int32Array.of(1, -1));
    expect(arrays.example.data).toEqual(Int32Array.of(-1, 3));
  });

  it("writes tags as 0 and 1, numbers as they are", async () => {
    const row = { source: "a", outputs: [0, 0], target: [1, 1] };
    expect((await written("tagging", [row])).target).toMatchObject({
      shape: [1, 2],
      data: Float32Array.of(1, 1),
    });
    const numbers = await written("regression", [
      { ...row, target: [0.5, -2] },
      { source: "b", outputs: [1, 2] },
    ]);
    expect(numbers.target.data).toEqual(Float32Array.of(0.5, -2, NaN, NaN));
  });

  it("leaves files of other kinds alone, and says what is not there", async () => {
    const song = join(folder, "song.wav");
    await writeFile(song, "mine");
    const facts = { task: "classification", classNames } as const;
    expect(() => new AnswersNpz(song, facts)).toThrow("its name does not end with .npz; nothing was written");
    expect(() => new AnswersNpz(join(folder, "no/a.npz"), facts)).toThrow("no such folder");
    expect(await readFile(song, "utf8")).toBe("mine");
  });
});

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import type { Task } from "./collection.ts";
import { readList } from "./list.ts";
import { SOUND } from "../audio/medium.ts";
import { audioCollection, type AudioCollection } from "../audio/collection.ts";
import { writeFiles } from "../audio/testing/collections.ts";

/** Reads a list of this content; beside it are the recordings a.wav, b.wav, c.wav and sub/d.wav. */
async function read(name: string, content: string, task?: Task): Promise<AudioCollection> {
  const folder = await temporaryFolder();
  await writeFiles(folder, ["a.wav", "b.wav", "c.wav", "sub/d.wav"]);
  await writeFiles(folder, { [name]: content });
  return audioCollection(await readList(join(folder, name), SOUND, task));
}

const csv = (content: string, task?: Task) => read("list.csv", content, task);

const targets = ({ clips }: AudioCollection) => clips.map(({ target }) => [...target]);

describe("a list of classes", () => {
  it("names recordings relative to itself, with split, group and part of the file", async () => {
    const { folder, clips, ...about } = await csv(
      "path,label,split,group,start,end\n" +
        "a.wav,dog,train,Anna,,\n" +
        "sub/d.wav,cat,TEST,,1.5,4\n" +
        "sub/../sub/d.wav,cat,valid,,4,\n",
    );
    expect(about).toMatchObject({ name: "list.csv", task: "classification", classNames: ["cat", "dog"] });
    expect(clips).toEqual([
      {
        id: "a.wav",
        path: join(folder, "a.wav"),
        start: 0,
        end: undefined,
        target: Float32Array.of(0, 1),
        label: 1,
        group: "Anna",
        split: "train",
      },
      {
        id: "sub/d.wav#1.5-4",
        path: join(folder, "sub", "d.wav"),
        start: 1.5,
        end: 4,
        target: Float32Array.of(1, 0),
        label: 0,
        group: "sub/d.wav",
        split: "test",
      },
      {
        id: "sub/d.wav#4-",
        path: join(folder, "sub", "d.wav"),
        start: 4,
        end: undefined,
        target: Float32Array.of(1, 0),
        label: 0,
        group: "sub/d.wav",
        split: "validation",
      },
    ]);
  });

  it.each([
    ["list.csv", 'path,label\r\n"a.wav",x\r\n\r\nb.wav,"y, z"\r\n'],
    ["list.csv", '\uFEFFPath,Label\na.wav,x\nb.wav,"y, z"'],
    ["list.csv", "path;label\na.wav;x\nb.wav;y, z\n"],
    ["list.tsv", "filename\tlabels\na.wav\tx\nb.wav\ty, z\n"],
    ["list.json", '[{"path": "a.wav", "label": "x"}, {"path": "b.wav", "label": "y, z"}]'],
    ["list.jsonl", '{"path": "a.wav", "label": "x"}\n\n{"path": "b.wav", "label": "y, z", "start": null}\n'],
  ])("may be written as %s %j", async (name, content) => {
    const { classNames, clips } = await read(name, content);
    expect(classNames).toEqual(["x", "y, z"]);
    expect(clips.map(({ id, label }) => [id, label])).toEqual([
      ["a.wav", 0],
      ["b.wav", 1],
    ]);
  });

  it("may name classes by numbers, where it is told that they are classes", async () => {
    const { task, classNames } = await csv("path,label\na.wav,1\nb.wav,0\n", "classification");
    expect([task, classNames]).toEqual(["classification", ["0", "1"]]);
  });
});

describe("a list of tags", () => {
  it("has several labels in a cell, or none", async () => {
    const collection = await csv("path,label\na.wav,rock|loud\nb.wav,loud; live\nc.wav,\n");
    expect(collection).toMatchObject({ task: "tagging", classNames: ["live", "loud", "rock"] });
    expect(targets(collection)).toEqual([
      [0, 1, 1],
      [1, 1, 0],
      [0, 0, 0],
    ]);
    expect(collection.clips.map(({ label }) => label)).toEqual([-1, -1, -1]);
  });

  it("may be of JSON arrays", async () => {
    const collection = await read(
      "list.json",
      '[{"path":"a.wav","label":["x","y"]},{"path":"b.wav","label":[]}]',
    );
    expect(collection).toMatchObject({ task: "tagging", classNames: ["x", "y"] });
    expect(targets(collection)).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });
});

describe("a list of numbers", () => {
  it("has them as labels", async () => {
    const collection = await csv("path,label\na.wav,120.5\nb.wav,-3e2\n");
    expect(collection).toMatchObject({ task: "regression", classNames: ["label"], notes: [] });
    expect(targets(collection)).toEqual([[120.5], [-300]]);
  });

  it("says that whole numbers are learnt as numbers, unless it was told to", async () => {
    const content = "path,label\na.wav,1\nb.wav,2\n";
    expect((await csv(content)).notes?.[0]).toMatch(/set the task to classification/);
    expect((await csv(content, "regression")).notes).toEqual([]);
  });

  it("has several columns of them where there is no label", async () => {
    const collection = await csv("path,tempo,split,pitch\na.wav,120,train,60\nb.wav,90,test,61.5\n");
    expect(collection).toMatchObject({ task: "regression", classNames: ["tempo", "pitch"] });
    expect(targets(collection)).toEqual([
      [120, 60],
      [90, 61.5],
    ]);
  });

  it.each([
    ['[{"path":"a.wav","label":[1,2]},{"path":"b.wav","label":[3,4]}]', ["label 1", "label 2"]],
    ['[{"path":"a.wav","label":{"x":1,"y":2}},{"path":"b.wav","label":{"y":4,"x":3}}]', ["x", "y"]],
  ])("has several in JSON: %s", async (content, names) => {
    const collection = await read("list.json", content);
    expect(collection).toMatchObject({ task: "regression", classNames: names });
    expect(targets(collection)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});

describe("a list with faults", () => {
  it.each([
    ["file,label\na.wav,x\n,y\n", /line 3: file must name a recording; got none/],
    ["path,label\na.wav,x\nb.wav,\n", /line 3: the label must be the name of a class; got none/],
    ["path,label\na.wav,x\nb.wav,y,z\n", /line 3/],
    ['path,label\na.wav,x\nb.wav,"y\n', /list\.csv: .*[Qq]uote/],
    ["path,label,split\na.wav,x,train\nb.wav,y,half\n", /line 3: split must be one of train, .*; got "half"/],
    [
      "path,label,start\na.wav,x,0\nb.wav,y,-1\n",
      /line 3: start must be a number of seconds, at least 0; got "-1"/,
    ],
    ["path,label,end\na.wav,x,soon\n", /line 2: end must be a number of seconds, at least 0; got "soon"/],
    ["path,label,start,end\na.wav,x,2,2\n", /line 2: end must be after start; got 2 to 2/],
    ["path,label\na.wav,x\nb.wav,y\n./a.wav,y\n", /line 4: a.wav is already listed in line 2/],
    ["path,tempo\na.wav,120\nb.wav,fast\n", /line 3: without a column "label".*; tempo is "fast"/],
    ["name,label\na.wav,x\n", /a column "path" must name the recordings; its columns are name, label/],
    ["path\na.wav\n", /a column "label" is required/],
    ["path,label\n", /it lists no recordings/],
    ["", /it is empty; its first line must name the columns/],
    ["path,label\na.wav,x\nb.wav,x\n", /all recordings are of one class, "x"/],
    [
      "path,label\nlost.wav,x\ngone.wav,y\n",
      /none of the 2 recordings can be used; the first, .*lost.wav: no such/,
    ],
  ])("is refused with the line: %j", async (content, message) => {
    const error = await csv(content).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AuricleError);
    expect(error).toMatchObject({ code: "data", message: expect.stringMatching(message) as string });
    expect((error as AuricleError).message).toMatch(/list\.csv|auricle-test/);
  });

  it.each([
    ["list.json", '{"path": "a.wav"}', /it must be an array of objects/],
    ["list.json", '[{"path": "a.wav", "label": "x"}, 7]', /entry 2: it must be an object/],
    ["list.json", "[{]", /list.json: .*JSON/],
    ["list.jsonl", '{"path": "a.wav", "label": "x"}\n{"path"\n', /line 2: .*JSON/],
    ["list.jsonl", '{"path": 7, "label": "x"}', /line 1: path must name a recording/],
    [
      "list.json",
      '[{"path":"a.wav","label":["x"]},{"path":"b.wav","label":[{}]}]',
      /entry 2: a tag must be a text/,
    ],
    [
      "list.json",
      '[{"path":"a.wav","label":{"x":1}},{"path":"b.wav","label":{"y":1}}]',
      /entry 2: the label must be/,
    ],
    [
      "list.json",
      '[{"path":"a.wav","label":[1,2]},{"path":"b.wav","label":[3]}]',
      /entry 2: the label must be 2/,
    ],
  ])("is refused as %s: %s", async (name, content, message) => {
    await expect(read(name, content)).rejects.toThrow(message);
  });

  it("must be text in UTF-8, and labels what they are said to be", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "x.csv"), Uint8Array.of(0x70, 0xff, 0xfe));
    await expect(readList(join(folder, "x.csv"), SOUND)).rejects.toThrow(/must be text in UTF-8/);
    await expect(csv("path,label\na.wav,1\nb.wav,x\n", "regression")).rejects.toThrow(
      /line 3: the label must be a number \(label\), as in the first row; got "x"/,
    );
    await expect(csv("path,tempo\na.wav,1\n", "classification")).rejects.toThrow(/column "label"/);
  });

  it("is used without the recordings that cannot be read", async () => {
    const { clips, problems, folder } = await csv("path,label\na.wav,x\nlost.wav,x\nb.wav,y\n");
    expect(clips.map(({ id }) => id)).toEqual(["a.wav", "b.wav"]);
    expect(problems).toEqual([{ path: join(folder, "lost.wav"), problem: "no such file" }]);
  });
});

import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { encodeWav } from "../../audio/write/encode-wav.ts";
import { writeZip } from "../../formats/zip/write-zip.ts";
import { withClaims } from "../../io/claims.ts";
import { ownCache } from "../../pretrained/testing/small-package.ts";
import { openAudioCollection } from "../audio/open.ts";
import { splitCollection } from "../collection/split/split-collection.ts";
import { openImageCollection } from "../images/open.ts";
import { mediumOf } from "../media.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { clearUnpacked, unpackedArchives } from "./unpacked.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

const utf8 = (content: string | Uint8Array) =>
  typeof content === "string" ? new TextEncoder().encode(content) : content;

const zipOf = (files: Files): Uint8Array =>
  writeZip(Object.entries(files).map(([name, content]) => [name, utf8(content)]));

async function written(files: Files, name = "project.tm"): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, zipOf(files));
  return path;
}

const manifest = (type: string) => JSON.stringify({ type, version: "2.4.10", appdata: { trainEpochs: 50 } });

/** Two seconds of a constant. */
const wavOf = (value: number) =>
  encodeWav({ sampleRate: 1000, channels: [new Float32Array(2000).fill(value)] });

interface Sample {
  readonly startTime: unknown;
  readonly endTime: unknown;
  readonly blobFilePath?: unknown;
}

/** The archive of a class, whose recordings are constants. */
function soundClass(recordings: Readonly<Record<string, number>>, samples: readonly Sample[]): Uint8Array {
  return zipOf({
    "samples.json": JSON.stringify(
      samples.map((sample) => ({ frequencyFrames: [[-80, -90]], blob: null, ...sample })),
    ),
    ...Object.fromEntries(Object.entries(recordings).map(([name, value]) => [name, wavOf(value)])),
  });
}

/** Ten samples of one recording, the last one first, as the page writes them. */
const takeOf = (value: number) =>
  soundClass(
    { "sample-1.wav": value },
    Array.from({ length: 10 }, (_, i) => ({
      startTime: (9 - i) / 5,
      endTime: (10 - i) / 5,
      blobFilePath: "sample-1.wav",
    })),
  );

let cache: string;
beforeEach(async () => {
  cache = await ownCache();
});

describe("a project of Teachable Machine", () => {
  it("gives its pictures by class, also of names that no disk takes", async () => {
    const path = await written({
      "Class 1-!-0.jpg": "a",
      "Class 1-!-1.jpg": "b",
      "a/b: ?-!-0.jpg": "c",
      "a-b: ?-!-0.jpg": "d",
      "x-!-y-!-0.jpg": "e",
      "manifest.json": manifest("image"),
    });
    expect(await mediumOf(path)).toBe("pictures");
    const { name, classNames, examples, notes } = await openImageCollection(path);
    expect(name).toBe("project.tm");
    expect(classNames).toEqual(["Class 1", "a-b: ?", "a/b: ?", "x-!-y"]);
    expect(notes).not.toContainEqual(expect.stringContaining("poses"));
    const contents = await Promise.all(examples.map(({ path: file }) => readFile(file, "utf8")));
    expect(examples.map(({ id, label }, i) => [id, label, contents[i]])).toEqual([
      ["Class 1/0.jpg", 0, "a"],
      ["Class 1/1.jpg", 0, "b"],
      ["a/b: ?/0.jpg", 2, "c"],
      ["a-b: ?/0.jpg", 1, "d"],
      ["x-!-y/0.jpg", 3, "e"],
    ]);
    for (const { path: file } of examples) expect(file.startsWith(cache)).toBe(true);
  });

  it("says that the pictures of poses are taken as pictures", async () => {
    const path = await written({
      "up-!-0.jpg": "a",
      "down-!-0.jpg": "b",
      "manifest.json": manifest("pose"),
    });
    expect((await openImageCollection(path)).notes).toContainEqual(expect.stringContaining("poses"));
  });

  it("divides the one recording of each class by time, and says so", async () => {
    const path = await written({
      "clap-!-0.zip": takeOf(0.1),
      "_background_noise_-!-0.zip": takeOf(0.2),
      "manifest.json": manifest("audio"),
    });
    expect(await mediumOf(path)).toBe("sound");
    const collection = await openAudioCollection(path);
    expect(collection.classNames).toEqual(["_background_noise_", "clap"]);
    const { train, validation, test, report } = splitCollection(collection);
    const times = [train, validation, test].map((part) =>
      part.filter(({ label }) => label === 1).map(({ start }) => start),
    );
    expect(times).toEqual([
      [1, 0.8, 0.6, 0.4, 0.2, 0],
      [1.4, 1.2],
      [1.8, 1.6],
    ]);
    expect(report.warnings).toContainEqual(expect.stringContaining("divided by time"));
    expect(await readFile(test[0].path)).toEqual(Buffer.from(wavOf(0.1)));
  });

  it("keeps recordings whole where each class has three", async () => {
    const threeTakes = (value: number) => {
      const names = ["sample-1.wav", "sample-2.wav", "sample-3.wav"];
      const samples = names.flatMap((blobFilePath) =>
        [0, 1].map((startTime) => ({ startTime, endTime: startTime + 1, blobFilePath })),
      );
      return soundClass(Object.fromEntries(names.map((name, i) => [name, value + i / 100])), samples);
    };
    const path = await written({
      "a-!-0.zip": threeTakes(0.1),
      "b-!-0.zip": threeTakes(0.5),
      "manifest.json": manifest("audio"),
    });
    const collection = await openAudioCollection(path);
    const parts = splitCollection(collection);
    const groups = [parts.train, parts.validation, parts.test].map((part) => part.map(({ group }) => group));
    expect(groups.map(({ length }) => length).reduce((a, b) => a + b)).toBe(12);
    expect(new Set(groups.flatMap((names) => [...new Set(names)])).size).toBe(6);
    expect(parts.report.leaks).toEqual([]);
  });

  it("leaves out samples without sound, and says how many", async () => {
    const alone = soundClass({}, [{ startTime: 0, endTime: 1 }]);
    const path = await written({
      "a-!-0.zip": takeOf(0.1),
      "b-!-0.zip": takeOf(0.2),
      "c-!-0.zip": alone,
      "manifest.json": manifest("audio"),
    });
    const { classNames, problems } = await openAudioCollection(path);
    expect(classNames).toEqual(["a", "b"]);
    expect(problems).toEqual([
      {
        path: `${path}/c-!-0.zip`,
        problem: expect.stringContaining("1 of 1 samples are spectrograms alone"),
      },
    ]);
  });

  it("is unpacked once, and again where that was not finished", async () => {
    const path = await written({ "a-!-0.jpg": "a", "b-!-0.jpg": "b", "manifest.json": manifest("image") });
    /** The first example's file, by another name of the project: what was opened last is remembered. */
    const openedAs = async (name: string) => {
      const copy = join(dirname(path), name);
      await writeFile(copy, await readFile(path));
      return (await openImageCollection(copy)).examples[0].path;
    };
    const first = await openedAs("1.tm");
    await writeFile(first, "changed");
    expect(await openedAs("2.tm")).toBe(first);
    expect(await readFile(first, "utf8")).toBe("changed");
    await rm(join(first, "../../../whole"));
    expect(await openedAs("3.tm")).toBe(first);
    expect(await readFile(first, "utf8")).toBe("a");
  });

  it("is kept while a task uses it, and can be removed and unpacked again later", async () => {
    const path = await written({ "a-!-0.jpg": "a", "b-!-0.jpg": "b", "manifest.json": manifest("image") });
    const opened = async () => (await openImageCollection(path)).examples[0].path;
    const [first, during] = await withClaims(async () => {
      const file = await opened();
      expect(await clearUnpacked()).toBe(0);
      return [file, await unpackedArchives()];
    });
    const archive = { source: path, files: 2, bytes: 2, inUse: true };
    expect(during).toMatchObject({ bytes: 2, archives: [archive] });
    expect(Math.abs(during.archives[0].used - Date.now())).toBeLessThan(600_000);
    expect(await unpackedArchives()).toMatchObject({ archives: [{ ...archive, inUse: false }] });
    expect(await clearUnpacked()).toBe(2);
    expect(await unpackedArchives()).toMatchObject({ bytes: 0, archives: [] });
    // Also by the process that has opened it before.
    expect(await opened()).toBe(first);
    expect(await readFile(first, "utf8")).toBe("a");
  });

  it.each<[string, () => Files, string]>([
    [
      "an unknown type",
      () => ({ "a-!-0.jpg": "a", "manifest.json": manifest("hand") }),
      'of type "hand"; projects of types image, pose and audio are read',
    ],
    [
      "a manifest that is no JSON",
      () => ({ "a-!-0.jpg": "a", "manifest.json": "{" }),
      "manifest.json: is not JSON",
    ],
    ["no examples", () => ({ "manifest.json": manifest("image") }), "the project has no examples"],
    ["no sound", () => ({ "manifest.json": manifest("audio") }), "the project has no recordings"],
    [
      "the same sound in two classes",
      () => ({ "a-!-0.zip": takeOf(0.1), "b-!-0.zip": takeOf(0.1), "manifest.json": manifest("audio") }),
      '"a" and "b" have the same recording',
    ],
    [
      "spectrograms alone",
      () => ({
        "a-!-0.zip": soundClass({}, [{ startTime: 0, endTime: 1, blobFilePath: "sample-1.webm" }]),
        "manifest.json": manifest("audio"),
      }),
      "has no recordings, only spectrograms",
    ],
    [
      "times that are none",
      () => ({
        "a-!-0.zip": soundClass({ "s.wav": 0.1 }, [{ startTime: 1, endTime: 1, blobFilePath: "s.wav" }]),
        "manifest.json": manifest("audio"),
      }),
      "a-!-0.zip/samples.json: sample 0 must have a startTime from 0 and a later endTime in seconds; got 1 and 1",
    ],
    [
      "samples that are no list",
      () => ({ "a-!-0.zip": zipOf({ "samples.json": "{}" }), "manifest.json": manifest("audio") }),
      "samples.json: must be a list",
    ],
    [
      "a class that is no archive",
      () => ({ "a-!-0.zip": "nothing", "manifest.json": manifest("audio") }),
      "a-!-0.zip: the zip archive is damaged",
    ],
    [
      "recordings of no kind that is read",
      () => ({
        "a-!-0.zip": soundClass({ "../../evil.sh": 0.1 }, [
          { startTime: 0, endTime: 1, blobFilePath: "../../evil.sh" },
        ]),
        "manifest.json": manifest("audio"),
      }),
      "evil.sh is of no kind that is read",
    ],
  ])("is refused with %s", async (_, files, message) => {
    const path = await written(files());
    await expect(mediumOf(path)).rejects.toThrow(message);
  });

  it("is refused by what takes the other medium", async () => {
    const path = await written({ "a-!-0.jpg": "a", "b-!-0.jpg": "b", "manifest.json": manifest("image") });
    await expect(openAudioCollection(path)).rejects.toThrow("holds images, and recordings are needed here");
  });
});

describe("a zip archive", () => {
  it.each([
    ["class folders", ""],
    ["a folder around class folders", "photos/"],
    ["two folders around class folders", "./my/photos/"],
  ])("of %s is opened as a folder", async (_, around) => {
    const path = await written(
      {
        [`${around}cats/1.png`]: "\x89PNG a",
        [`${around}dogs/1.png`]: "\x89PNG b",
        "__MACOSX/._1.png": "",
      },
      "photos.zip",
    );
    expect(await mediumOf(path)).toBe("pictures");
    const { name, classNames } = await openImageCollection(path);
    expect([name, classNames]).toEqual(["photos.zip", ["cats", "dogs"]]);
  });

  it("of recordings is opened with its split", async () => {
    const path = await written(
      Object.fromEntries(
        ["train", "test"].flatMap((part) =>
          ["a", "b"].map((label, i) => [`data/${part}/${label}/1.wav`, wavOf(i / 10)] as const),
        ),
      ),
      "sounds.zip",
    );
    expect(await mediumOf(path)).toBe("sound");
    const { examples } = await openAudioCollection(path);
    expect(examples.map(({ id, split }) => [id, split])).toEqual([
      ["test/a/1.wav", "test"],
      ["test/b/1.wav", "test"],
      ["train/a/1.wav", "train"],
      ["train/b/1.wav", "train"],
    ]);
  });

  it.each<[string, Files, string]>([
    ["a network", { "model.json": "{}", "weights.bin": "" }, "holds a network (model.json), not examples"],
    ["a way out of its folder", { "a/../../b.wav": "" }, "would be written outside its folder"],
    ["a path from the root", { "/b.wav": "" }, "would be written outside its folder"],
    ["a path of Windows", { "a\\..\\b.wav": "" }, "would be written outside its folder"],
    ["nothing of use", { "a/b.txt": "" }, "it contains no recordings and no images"],
  ])("is refused with %s", async (_, files, message) => {
    await expect(mediumOf(await written(files, "data.zip"))).rejects.toThrow(message);
  });
});

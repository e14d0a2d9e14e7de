import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { openAudioCollection } from "./open.ts";
import { writeFiles } from "./testing/collections.ts";

/** A new folder with these files in it. */
async function folderWith(files: Parameters<typeof writeFiles>[1]): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  return folder;
}

describe("a folder for each class", () => {
  it("is read: classes are the folders, sorted; each file is a group", async () => {
    const folder = await folderWith(["rock/1.wav", "jazz/a/2.mp3", "jazz/1.au", "rock/cover.jpg"]);
    const collection = await openAudioCollection(folder);
    expect(collection).toMatchObject({
      name: basename(folder),
      folder,
      task: "classification",
      classNames: ["jazz", "rock"],
      problems: [],
    });
    expect(collection.clips[1]).toEqual({
      id: "jazz/a/2.mp3",
      path: join(folder, "jazz", "a", "2.mp3"),
      start: 0,
      end: undefined,
      target: Float32Array.of(1, 0),
      label: 0,
      group: "jazz/a/2.mp3",
      split: undefined,
    });
    expect(collection.clips.map(({ id, label }) => [id, label])).toEqual([
      ["jazz/1.au", 0],
      ["jazz/a/2.mp3", 0],
      ["rock/1.wav", 1],
    ]);
    expect(collection.notes).toEqual([
      "1 file that is not audio by the extension left out",
      'There is only one recording of "rock": it can serve training or the test, not both; add more',
    ]);
  });

  it("may be divided into the folders of a split", async () => {
    const folder = await folderWith([
      "train/a/1.wav",
      "train/b/1.wav",
      "Val/a/2.wav",
      "test/b/x/2.wav",
      "loose.wav",
    ]);
    const { classNames, clips, problems } = await openAudioCollection(folder);
    expect(classNames).toEqual(["a", "b"]);
    expect(clips.map(({ id, split, label }) => [id, split, label])).toEqual([
      ["Val/a/2.wav", "validation", 0],
      ["test/b/x/2.wav", "test", 1],
      ["train/a/1.wav", "train", 0],
      ["train/b/1.wav", "train", 1],
    ]);
    expect(problems).toEqual([{ path: join(folder, "loose.wav"), problem: "it is not in a class folder" }]);
  });

  it("takes folders called train and test for classes where the recordings are directly in them", async () => {
    const { classNames } = await openAudioCollection(await folderWith(["train/1.wav", "test/1.wav"]));
    expect(classNames).toEqual(["test", "train"]);
  });

  it("uses the rest where files cannot be used, and refuses where it must not", async () => {
    const folder = await folderWith({ "a/1.wav": "x", "b/1.wav": "x", "b/2.wav": "", "loose.wav": "x" });
    const { clips, problems } = await openAudioCollection(folder);
    expect(clips).toHaveLength(2);
    expect(problems).toEqual([
      { path: join(folder, "b", "2.wav"), problem: "empty file (0 bytes)" },
      { path: join(folder, "loose.wav"), problem: "it is not in a class folder" },
    ]);
    await expect(openAudioCollection(folder, { strict: true })).rejects.toThrow(
      `${join(folder, "b", "2.wav")}: empty file (0 bytes) (and 1 more); refused because strict is set`,
    );
  });

  it.each<[string, Parameters<typeof writeFiles>[1], RegExp]>([
    [
      "an empty folder",
      [],
      /it contains no recordings; it must contain a folder of recordings for each class/,
    ],
    ["no recordings", ["a/x.txt", "b/y.txt"], /it contains no recordings, only 2 other files/],
    ["recordings in no folder", ["1.wav", "2.wav"], /its 2 recordings are not in class folders/],
    ["one class", ["a/1.wav", "a/2.wav"], /all 2 recordings are of one class, "a".*at least two classes$/],
    ["one folder too many", ["g/a/1.wav", "g/b/2.wav"], /Or did you mean .*[/\\]g\?$/],
    [
      "no file that can be read",
      { "a/1.wav": "", "b/1.wav": "" },
      /none of its 2 recordings can be used; the first, .*[/\\]a[/\\]1.wav: empty file/,
    ],
  ])("is refused with %s", async (_, files, message) => {
    const error = await openAudioCollection(await folderWith(files)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AuricleError);
    expect(error).toMatchObject({ code: "data", message: expect.stringMatching(message) as string });
    expect((error as AuricleError).message).not.toContain("\n");
  });
});

describe("a folder with a list", () => {
  it("is read by the list", async () => {
    const folder = await folderWith({
      "metadata.csv": "file_name,label\nclips/1.wav,x\nclips/2.wav,y\n",
      "clips/1.wav": "x",
      "clips/2.wav": "x",
      "readme.json": '{"about": "me"}',
    });
    const { classNames, clips } = await openAudioCollection(folder);
    expect(classNames).toEqual(["x", "y"]);
    expect(clips.map(({ id }) => id)).toEqual(["clips/1.wav", "clips/2.wav"]);
  });

  it("is read by its class folders where the table is of something else", async () => {
    const folder = await folderWith({
      "features.csv": "filename,mean,label\n1.wav,0.5,a\n",
      "broken.csv": 'a,"b',
      "a/1.wav": "x",
      "b/1.wav": "x",
    });
    expect((await openAudioCollection(folder)).classNames).toEqual(["a", "b"]);
  });

  it("must hold one list alone", async () => {
    const list = "path,label\n1.wav,x\n";
    const folder = await folderWith({ "a.csv": list, "b.csv": list, "1.wav": "x" });
    await expect(openAudioCollection(folder)).rejects.toThrow(/several lists of recordings, a.csv, b.csv/);
  });
});

describe("what is neither", () => {
  it("is refused with what is known", async () => {
    const folder = await folderWith(["song.wav"]);
    await expect(openAudioCollection(join(folder, "song.wav"))).rejects.toThrow(
      /from a folder, an archive \(.zip, .tm\), or a list/,
    );
    await expect(openAudioCollection("gtsan")).rejects.toThrow(
      /did you mean "gtzan"\? Known: .*Nor is there a folder or a list of that name/,
    );
    for (const path of ["./gtsan", join(folder, "gtsan"), "~/music"]) {
      await expect(openAudioCollection(path)).rejects.toThrow(/^no such folder or list: .*(gtsan|music)\. /);
    }
    await expect(openAudioCollection("fashion-mnist")).rejects.toThrow(
      /holds images, and recordings are needed/,
    );
  });
});

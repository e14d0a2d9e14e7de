import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeFiles } from "./audio/testing/collections.ts";
import { mediumOf } from "./media.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

async function folderWith(files: readonly string[] | Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  return folder;
}

const numbered = (count: number, name: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => name(i));

describe("the medium of data", () => {
  it("is that of a known data set", async () => {
    expect(await mediumOf("gtzan")).toBe("sound");
    expect(await mediumOf("mnist")).toBe("archives");
    expect(await mediumOf("cifar-10")).toBe("archives");
    expect(await mediumOf("no such thing")).toBeUndefined();
  });

  it.each<[string, readonly string[], string | undefined]>([
    ["recordings", ["a/b/1.wav"], "sound"],
    ["pictures", ["cats/1.JPG", "dogs/2.webp"], "pictures"],
    ["pictures in the folders of a split", ["train/cats/1.png", "test/dogs/2.gif"], "pictures"],
    ["pictures that cannot be decoded", ["cats/1.tiff", "dogs/2.heic"], "pictures"],
    ["recordings that cannot be decoded", ["a/1.wma", "b/2.amr"], "sound"],
    ["IDX files", ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"], "archives"],
    ["CIFAR-10's files", ["data_batch_1.bin", "test_batch.bin"], "archives"],
    [
      "recordings with a cover for each album",
      [...numbered(20, (i) => `a/${i}.mp3`), "a/cover.jpg"],
      "sound",
    ],
    ["pictures with a recording", [...numbered(20, (i) => `a/${i}.png`), "a/shutter.wav"], "pictures"],
  ])("of a folder of %s", async (_, files, medium) => {
    expect(await mediumOf(await folderWith(files))).toBe(medium);
  });

  it("of a list is that of the files it names, wherever they are", async () => {
    const sound = { "list.csv": "path,label\n/far/away/a.wav,x\n/far/away/b.wav,y\n" };
    const pictures = { "list.csv": 'path,label\n"/far/away/a.png",x\nfar/b.jpeg,y\n' };
    for (const [files, medium] of [
      [sound, "sound"],
      [pictures, "pictures"],
    ] as const) {
      const folder = await folderWith(files);
      expect(await mediumOf(folder)).toBe(medium);
      expect(await mediumOf(join(folder, "list.csv"))).toBe(medium);
    }
  });

  it("is refused where half is of one and half of the other, naming one of each", async () => {
    const folder = await folderWith([
      ...numbered(5, (i) => `genres_original/${i}.wav`),
      ...numbered(4, (i) => `images_original/${i}.png`),
    ]);
    await expect(mediumOf(folder)).rejects.toThrow(
      /both recordings \(5, such as genres_original\/\d.wav\) and pictures \(4, such as images_original\/\d.png\)/,
    );
  });

  it.each<[string, readonly string[], RegExp]>([
    ["nothing", [], /it contains no recordings and no images; it must contain a folder/],
    ["neither", ["a/1.txt", "b/2.pdf"], /no recordings and no images, only 2 other files;/],
    ["hidden pictures", ["a/._1.png", "__MACOSX/a/1.png"], /no recordings and no images;/],
  ])("is refused for a folder with %s", async (_, files, message) => {
    await expect(mediumOf(await folderWith(files))).rejects.toThrow(message);
  });

  it("is unknown where folders are too deep to be looked into, and of a file of no medium", async () => {
    expect(await mediumOf(await folderWith(["1/2/3/4/5/6/a.wav"]))).toBeUndefined();
    expect(await mediumOf(join(await folderWith({ "x.txt": "x" }), "x.txt"))).toBeUndefined();
  });

  it("is sound where a list names nothing", async () => {
    expect(await mediumOf(await folderWith({ "list.jsonl": "", "x.txt": "x" }))).toBe("sound");
  });
});

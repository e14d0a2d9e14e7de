import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { create } from "tar";
import { describe, expect, it } from "vitest";
import { idxBytes, writeDigitsFolder } from "../../runs/testing/idx-folder.ts";
import { writeFiles } from "../audio/testing/collections.ts";
import { splitCollection } from "../collection/split/split-collection.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { openImageCollection } from "./open.ts";
import { preparePixels } from "./pixels/prepare-pixels.ts";

async function folderWith(files: readonly string[] | Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  return folder;
}

const PNG = "\x89PNG";

describe("a folder of pictures", () => {
  it("has a folder for each class; what is no picture is counted", async () => {
    const folder = await folderWith([
      "cats/a.png",
      "cats/deep/b.JPEG",
      "dogs/c.webp",
      "dogs/d.bmp",
      "dogs/e.gif",
      "x.md",
    ]);
    const { classNames, examples, notes, problems, task } = await openImageCollection(folder);
    expect(task).toBe("classification");
    expect(classNames).toEqual(["cats", "dogs"]);
    expect(examples.map(({ id, label }) => [id, label])).toEqual([
      ["cats/a.png", 0],
      ["cats/deep/b.JPEG", 0],
      ["dogs/c.webp", 1],
      ["dogs/d.bmp", 1],
      ["dogs/e.gif", 1],
    ]);
    expect(problems).toEqual([]);
    expect(notes).toEqual(["1 file that is not image data by the extension left out"]);
  });

  it("takes train, validation and test around the classes as the split", async () => {
    const folder = await folderWith(["train/a/1.png", "train/b/2.png", "val/a/3.png", "test/b/4.png"]);
    const split = splitCollection(await openImageCollection(folder));
    expect(split.report.origin).toBe("official");
    expect(split.validation.map(({ id }) => id)).toEqual(["val/a/3.png"]);
    expect(split.test.map(({ id }) => id)).toEqual(["test/b/4.png"]);
  });

  it("names empty files, pictures in foreign formats and under foreign names", async () => {
    const folder = await folderWith({
      "a/1.png": "x",
      "b/2.png": "x",
      "b/empty.png": "",
      "b/scan.tif": "II*\0",
      "b/photo.heic": "x",
      "b/animation.dat": "GIF89a",
    });
    const { problems } = await openImageCollection(folder);
    const named = problems.map(({ path, problem }) => `${path.slice(folder.length + 1)}: ${problem}`);
    expect(named.sort()).toEqual([
      "b/animation.dat: a picture (gif) by its content, but its name ends in .dat: rename it",
      "b/empty.png: empty file (0 bytes)",
      "b/photo.heic: by its name an HEIF picture, which is not read; convert it to png or jpeg",
      "b/scan.tif: a TIFF picture, which is not read; convert it to png or jpeg",
    ]);
    await expect(openImageCollection(folder, { strict: true })).rejects.toThrow(
      /refused because strict is set/,
    );
  });

  it.each<[string, readonly string[], RegExp]>([
    ["is empty", ["x.txt"], /it contains no images, only 1 other files; it must contain a folder of images/],
    ["has one class", ["a/1.png", "a/2.png"], /all 2 images are of one class, "a"/],
    ["has no class folders", ["1.png", "2.png"], /its 2 images are not in class folders/],
  ])("is refused where it %s", async (_, files, message) => {
    await expect(openImageCollection(await folderWith(files))).rejects.toThrow(message);
  });
});

describe("a list of pictures", () => {
  const files = { "1.png": PNG, "2.png": PNG, "3.png": PNG };

  it.each<[string, string, string, string]>([
    ["classes", "list.csv", "path,label\n1.png,a\n2.png,b\n3.png,a\n", "classification"],
    ["tags", "list.tsv", "path\tlabel\n1.png\ta|b\n2.png\tb\n3.png\t\n", "tagging"],
    [
      "numbers",
      "list.json",
      JSON.stringify([1, 2, 3].map((i) => ({ path: `${i}.png`, label: i / 2 }))),
      "regression",
    ],
    [
      "columns",
      "list.jsonl",
      [1, 2, 3].map((i) => `{"file_name":"${i}.png","x":${i},"y":0.5}`).join("\n"),
      "regression",
    ],
  ])("with %s", async (_, name, content, task) => {
    const folder = await folderWith({ ...files, [name]: content });
    for (const data of [folder, join(folder, name)]) {
      const collection = await openImageCollection(data);
      expect(collection.task).toBe(task);
      expect(collection.examples.map(({ id }) => id)).toEqual(["1.png", "2.png", "3.png"]);
    }
  });

  it("has no columns start and end: they are numbers to predict", async () => {
    const folder = await folderWith({ ...files, "list.csv": "path,start,end\n1.png,1,2\n2.png,3,4\n" });
    expect((await openImageCollection(folder)).classNames).toEqual(["start", "end"]);
  });

  it("that is a picture is refused by its format", async () => {
    const folder = await temporaryFolder();
    await writeFile(
      join(folder, "list.csv"),
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0xff),
    );
    await expect(openImageCollection(join(folder, "list.csv"))).rejects.toThrow(
      /this is an image \(png\), not a list/,
    );
  });
});

/** A file of CIFAR-10: picture i is of class i % 10, and its red, green and blue are i, i + 1 and i + 2. */
function cifarFile(count: number): Uint8Array {
  const bytes = new Uint8Array(3073 * count);
  for (let i = 0; i < count; i++) {
    bytes[3073 * i] = i % 10;
    for (let channel = 0; channel < 3; channel++) {
      bytes.fill(i + channel, 3073 * i + 1 + 1024 * channel, 3073 * i + 1 + 1024 * (channel + 1));
    }
  }
  return bytes;
}

/** CIFAR-10's archive as its authors pack it, but with 4 pictures in each file. */
async function cifarArchive(
  name: string,
  { gzip = false, without, test = cifarFile(4) }: { gzip?: boolean; without?: string; test?: Uint8Array },
): Promise<string> {
  const folder = await temporaryFolder();
  const inside = "cifar-10-batches-bin";
  await mkdir(join(folder, inside));
  const training = [1, 2, 3, 4, 5].map((number) => [`data_batch_${number}.bin`, cifarFile(4)] as const);
  const files = [...training, ["test_batch.bin", test] as const, ["readme.html", Buffer.from("x")] as const];
  for (const [file, bytes] of files) {
    if (file !== without) await writeFile(join(folder, inside, file), bytes);
  }
  const path = join(folder, name);
  await create({ cwd: folder, file: path, gzip }, [inside]);
  return path;
}

describe("archives of pictures", () => {
  it("in IDX have the authors' test part, and give the pixels of each example", async () => {
    const folder = await temporaryFolder();
    await writeDigitsFolder(folder, { train: 40, test: 10 });
    const { examples, archives, classNames } = await openImageCollection(folder);
    expect(classNames).toHaveLength(10);
    expect(examples).toHaveLength(50);
    expect(examples[41]).toMatchObject({ id: "test#1", index: 1, split: "test" });
    const archive = archives.get(examples[41].path);
    expect(archive?.inputShape).toEqual([28, 28, 1]);
    const pixels = new Float32Array(784);
    const label = new Int32Array(1);
    await archive?.read([1], pixels, label);
    expect(label[0]).toBe(examples[41].label);
    expect(Math.max(...pixels)).toBeGreaterThan(0.5);
  });

  it("can be divided, though many pictures are in one file", async () => {
    const folder = await temporaryFolder();
    await writeDigitsFolder(folder, { train: 100, test: 10 });
    const split = splitCollection(await openImageCollection(folder), { fractions: [0.8, 0.2, 0] });
    expect([split.train.length, split.validation.length, split.test.length]).toEqual([80, 20, 10]);
    expect(split.report.leaks).toEqual([]);
  });

  it("without a test part are divided at random", async () => {
    const folder = await temporaryFolder();
    const labels = Uint8Array.from({ length: 30 }, (_, i) => i % 3);
    await writeFile(join(folder, "train-images-idx3-ubyte"), idxBytes([30, 4, 4], new Uint8Array(480)));
    await writeFile(join(folder, "train-labels-idx1-ubyte"), idxBytes([30], labels));
    const collection = await openImageCollection(folder);
    expect(collection.examples.every(({ split }) => split === undefined)).toBe(true);
    expect(splitCollection(collection).report.origin).toBe("random");
  });

  it("of CIFAR-10 have colours beside each other", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "data_batch_1.bin"), cifarFile(20));
    await writeFile(join(folder, "data_batch_2.bin"), cifarFile(10));
    await writeFile(join(folder, "test_batch.bin"), cifarFile(10));
    const { examples, archives, classNames } = await openImageCollection(folder);
    expect(classNames[3]).toBe("cat");
    expect(examples).toHaveLength(40);
    const example = examples[23];
    expect(example).toMatchObject({ id: "train#23", index: 3, label: 3, split: "train" });
    const pixels = new Float32Array(32 * 32 * 3);
    await archives.get(example.path)?.read([3], pixels, new Int32Array(1));
    expect([...pixels.subarray(0, 3)].map((value) => Math.round(255 * value))).toEqual([3, 4, 5]);
  });

  describe("of CIFAR-10 as they are published, in a tar file", () => {
    it.each([
      ["compressed", "cifar-10-binary.tar.gz", true],
      ["not compressed", "cifar.tar", false],
    ])("%s, have both parts and the pixels of each example", async (_, name, gzip) => {
      const { examples, archives, classNames, notes } = await openImageCollection(
        await cifarArchive(name, { gzip }),
      );
      expect(classNames).toHaveLength(10);
      expect(notes ?? []).toEqual([]);
      // Five files of 4 pictures to train on, and one to test on.
      expect(examples.map(({ split }) => split)).toEqual([
        ...Array.from({ length: 20 }, () => "train"),
        ...Array.from({ length: 4 }, () => "test"),
      ]);
      expect(examples[9]).toMatchObject({ id: "train#9", index: 9, label: 1 });
      expect(examples[21]).toMatchObject({ id: "test#1", index: 1, label: 1 });
      const store = await preparePixels(examples, {
        archives,
        cacheFolder: join(await temporaryFolder(), "cache"),
      });
      expect(store.format).toMatchObject({ width: 32, height: 32, channels: 3 });
      // Picture i of a file has the red i, the green i + 1 and the blue i + 2.
      expect([...store.read(examples[9]).subarray(0, 6)]).toEqual([1, 2, 3, 1, 2, 3]);
      expect([...store.read(examples[23]).subarray(0, 3)]).toEqual([3, 4, 5]);
      expect(store.fileContent(examples[0])).not.toBe(store.fileContent(examples[23]));
    });

    it("are refused where they are cut short, damaged or lack a file, by name", async () => {
      const path = await cifarArchive("cifar-10-binary.tar.gz", { gzip: true });
      const whole = await readFile(path);
      const damaged = Buffer.from(whole);
      damaged[whole.length >> 1] ^= 0xff;
      for (const bytes of [whole.subarray(0, whole.length >> 1), damaged, Buffer.from("no archive at all")]) {
        await writeFile(path, bytes);
        await expect(openImageCollection(path)).rejects.toThrow(
          /cifar-10-binary\.tar\.gz: .*; download it again/,
        );
      }
      const lacking = await cifarArchive("lacking.tar", { without: "data_batch_3.bin" });
      await expect(openImageCollection(lacking)).rejects.toThrow(
        /lacking\.tar: data_batch_3\.bin is not in it/,
      );
    });

    it("are refused where a file of theirs has half a record, a class beyond the ten, or more pictures than it may", async () => {
      const half = await cifarArchive("half.tar", { test: cifarFile(2).subarray(0, 4000) });
      await expect(openImageCollection(half)).rejects.toThrow(
        /half\.tar\/test_batch\.bin: not a complete CIFAR-10 file/,
      );
      const eleventh = cifarFile(2);
      eleventh[3073] = 10;
      const wrong = await cifarArchive("wrong.tar", { test: eleventh });
      await expect(openImageCollection(wrong)).rejects.toThrow(/a label must be 0 … 9.*got 10 for example 1/);
      const large = await cifarArchive("large.tar", { test: new Uint8Array(3073 * 10_001) });
      await expect(openImageCollection(large)).rejects.toThrow(
        /large\.tar: .*test_batch\.bin claims 30733073 bytes/,
      );
    });
  });

  it("of CIFAR-10 that are cut short are refused", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "data_batch_1.bin"), cifarFile(2).subarray(0, 4000));
    await expect(openImageCollection(folder)).rejects.toThrow(
      /data_batch_1.bin: not a complete CIFAR-10 file/,
    );
  });

  it("that are drawn by code are opened by name", async () => {
    const { examples, archives } = await openImageCollection("digits");
    expect(archives.size).toBe(2);
    expect(archives.get(examples[0].path)?.inputShape).toEqual([28, 28, 1]);
  });

  it("do not stand in for recordings", async () => {
    await expect(openImageCollection("gtzan")).rejects.toThrow(/holds recordings, and pictures are needed/);
    await expect(openImageCollection("no such")).rejects.toThrow(/data set "no such" is unknown/);
  });
});

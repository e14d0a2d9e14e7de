import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { digitsDataset, type Dataset } from "../../data/index.ts";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { openDataSource, splitForTraining } from "./data-source.ts";
import { idxBytes, writeDigitsFolder } from "../testing/idx-folder.ts";

async function readAll(dataset: Dataset): Promise<{ inputs: Float32Array; targets: Int32Array }> {
  const inputs = new Float32Array(dataset.length * 28 * 28);
  const targets = new Int32Array(dataset.length);
  await dataset.read(
    Array.from({ length: dataset.length }, (_, i) => i),
    inputs,
    targets,
  );
  return { inputs, targets };
}

it("reads a folder of IDX files as it reads the data they were made of", async () => {
  const folder = await temporaryFolder();
  await writeDigitsFolder(folder, { train: 30, test: 20 });
  const source = await openDataSource(folder, {});
  expect(source).toMatchObject({ data: folder, shortName: basename(folder) });
  const train = await source.load("train");
  expect(train).toMatchObject({ length: 30, inputShape: [28, 28, 1], targetShape: [], targetDtype: "int32" });
  expect(train.classNames).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  expect(await readAll(train)).toEqual(await readAll(digitsDataset({ role: "train", count: 30 })));
  expect(await readAll(await source.load("test"))).toEqual(
    await readAll(digitsDataset({ role: "test", count: 20 })),
  );
});

it("knows the digests of a folder's files", async () => {
  const folder = await temporaryFolder();
  await writeDigitsFolder(folder, { train: 10, test: 10 });
  const digests = await (await openDataSource(folder, {})).digests("test");
  const sha256 = async (name: string) =>
    createHash("sha256")
      .update(await readFile(join(folder, name)))
      .digest("hex");
  expect(digests).toEqual([
    { name: "t10k-images-idx3-ubyte", sha256: await sha256("t10k-images-idx3-ubyte") },
    { name: "t10k-labels-idx1-ubyte", sha256: await sha256("t10k-labels-idx1-ubyte") },
  ]);
});

it("takes coloured images, and gives both parts the classes of the training part", async () => {
  const folder = await temporaryFolder();
  const images = (count: number) => idxBytes([count, 2, 3, 3], new Uint8Array(count * 18).fill(255));
  await writeFile(join(folder, "train-images-idx4-ubyte"), images(3));
  await writeFile(join(folder, "train-labels-idx1-ubyte"), idxBytes([3], Uint8Array.of(0, 4, 2)));
  await writeFile(join(folder, "t10k-images-idx4-ubyte"), images(1));
  await writeFile(join(folder, "t10k-labels-idx1-ubyte"), idxBytes([1], Uint8Array.of(1)));
  const test = await (await openDataSource(folder, {})).load("test");
  expect(test.inputShape).toEqual([2, 3, 3]);
  expect(test.classNames).toEqual(["0", "1", "2", "3", "4"]);
});

it("names the file that is missing or wrong", async () => {
  const folder = await temporaryFolder();
  await writeDigitsFolder(folder, { train: 10, test: 10 });
  const source = await openDataSource(folder, {});
  await writeFile(join(folder, "t10k-labels-idx1-ubyte"), idxBytes([2, 5], new Uint8Array(10)));
  await expect(source.load("test")).rejects.toThrow(
    `${join(folder, "t10k-labels-idx1-ubyte")}: labels must be bytes of shape [N]; got Uint8Array of shape [2,5]`,
  );
  await rm(join(folder, "train-images-idx3-ubyte"));
  await expect(source.load("train")).rejects.toThrow(
    `${folder}: no train images: it must contain train-images-idx3-ubyte.gz or train-images-idx3-ubyte`,
  );
});

it("suggests the nearest name for data that are neither known nor a folder", async () => {
  await expect(openDataSource("fashon-mnist", {})).rejects.toThrow(
    /did you mean "fashion-mnist"\?.*Nor is there a folder of that name/,
  );
});

it("holds a part out and takes as many of the rest as asked, by the seed alone", async () => {
  const all = digitsDataset({ count: 100 });
  const options = { validation: 0.2, trainSize: 50, seed: 3 };
  const { train, validation } = await splitForTraining(all, options);
  expect([train.length, validation?.length]).toEqual([50, 20]);
  // 2 of each of the 10 digits are held out.
  const held = Array.from(validation?.labels ?? []).sort();
  expect(held).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9]);
  const again = await splitForTraining(all, options);
  expect(await readAll(again.train)).toEqual(await readAll(train));
  const other = await splitForTraining(all, { ...options, seed: 4 });
  expect((await readAll(other.train)).targets).not.toEqual((await readAll(train)).targets);
});

it("trains on everything where nothing is held out", async () => {
  const all = digitsDataset({ count: 20 });
  const parts = await splitForTraining(all, { validation: 0, trainSize: null, seed: 0 });
  expect(parts).toEqual({ train: all, validation: undefined });
});

it("refuses to take more examples than there are", async () => {
  const all = digitsDataset({ count: 20 });
  await expect(splitForTraining(all, { validation: 0.5, trainSize: 11, seed: 0 })).rejects.toThrow(
    "must be at most 10, the number of examples left for training; got 11",
  );
});

it("says of a folder of pictures that it takes IDX files, and not that one of them is missing", async () => {
  const folder = await temporaryFolder();
  for (const name of ["cat.png", "dog.jpg"]) await writeFile(join(folder, name), "x");
  await expect(openDataSource(folder, {})).rejects.toThrow(/holds pictures in files of their own.*IDX files/);
});

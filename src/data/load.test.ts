import { createHash } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { AuricleError } from "../errors.ts";
import type { ArrayDatasetDefinition } from "./definition.ts";
import { loadDataset } from "./load.ts";
import { locateDataset } from "./locate-dataset.ts";
import { locateFile, searchFolders } from "./locate.ts";
import { obtainFiles } from "./obtain.ts";
import { idxImageSet } from "./sets/idx-images.ts";
import { serveRanges, startServer } from "./testing/file-server.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const cache = vi.hoisted(() => ({ folder: "" }));
vi.mock("env-paths", () => ({ default: () => ({ cache: cache.folder }) }));

beforeEach(async () => {
  cache.folder = await temporaryFolder();
  vi.stubEnv("AURICLE_DATA", "");
});

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** IDX files of the test part in MNIST's form: image i is all i % 256, its label i % 10. */
const plainImages = new Uint8Array(16 + 10_000 * 784);
plainImages.set([0, 0, 8, 3, 0, 0, 0x27, 0x10, 0, 0, 0, 28, 0, 0, 0, 28]);
for (let i = 0; i < 10_000; i++) plainImages.fill(i % 256, 16 + i * 784, 16 + (i + 1) * 784);
const plainLabels = new Uint8Array(8 + 10_000).map((_, i) => Math.max(0, i - 8) % 10);
plainLabels.set([0, 0, 8, 1, 0, 0, 0x27, 0x10]);
const images = new Uint8Array(gzipSync(plainImages));
const labels = new Uint8Array(gzipSync(plainLabels));

const NAMES = { images: "t10k-images-idx3-ubyte.gz", labels: "t10k-labels-idx1-ubyte.gz" };

function describeFile(compressed: Uint8Array, plain: Uint8Array) {
  return { bytes: compressed.length, sha256: sha256(compressed), plainSha256: sha256(plain) };
}

function testSet(mirror: string, systemFolders: readonly string[] = []): ArrayDatasetDefinition {
  return idxImageSet({
    name: "stripes",
    title: "",
    licence: "",
    citation: "",
    homepage: "https://example.org/stripes",
    classNames: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    systemFolders,
    mirrors: [mirror],
    trainImages: { bytes: 1, sha256: "a", plainSha256: "b" },
    trainLabels: { bytes: 1, sha256: "c", plainSha256: "d" },
    testImages: describeFile(images, plainImages),
    testLabels: describeFile(labels, plainLabels),
  });
}

const NOWHERE = "http://127.0.0.1:9/";

describe("obtaining and loading a data set in the form of MNIST", () => {
  it("downloads to the cache what is nowhere, once, and loads it", async () => {
    const server = await startServer({
      [`/${NAMES.images}`]: serveRanges(images),
      [`/${NAMES.labels}`]: serveRanges(labels),
    });
    const definition = testSet(server.url);
    const progress = new Map<string, number>();
    const onProgress = (step: { file: string; received: number; total: number }) =>
      progress.set(step.file, step.received / step.total);
    const files = await obtainFiles(definition, "test", { onProgress });
    expect([...progress]).toEqual([
      [NAMES.images, 1],
      [NAMES.labels, 1],
    ]);
    const folder = join(cache.folder, "datasets", "stripes");
    expect(files.get(NAMES.images)).toBe(join(folder, NAMES.images));
    expect((await readdir(folder)).sort()).toEqual([NAMES.images, NAMES.labels]);

    const dataset = await definition.load(files, "test");
    expect(dataset).toMatchObject({ name: "stripes (test)", length: 10_000, inputShape: [28, 28, 1] });
    const inputs = new Float32Array(2 * 784);
    const targets = new Int32Array(2);
    await dataset.read([255, 9999], inputs, targets);
    // 9999 = 39 × 256 + 15.
    expect(new Set(inputs.subarray(0, 784))).toEqual(new Set([1]));
    expect(new Set(inputs.subarray(784))).toEqual(new Set([Math.fround(15 / 255)]));
    expect([...targets]).toEqual([5, 9]);

    await obtainFiles(definition, "test", {});
    expect(server.requests).toHaveLength(2);
  });

  it("downloads again what is damaged in the cache", async () => {
    const server = await startServer({
      [`/${NAMES.images}`]: serveRanges(images),
      [`/${NAMES.labels}`]: serveRanges(labels),
    });
    const definition = testSet(server.url);
    const files = await obtainFiles(definition, "test", {});
    const path = files.get(NAMES.labels) ?? "";
    await writeFile(
      path,
      labels.map((byte, i) => (i === 20 ? byte ^ 1 : byte)),
    );
    await obtainFiles(definition, "test", {});
    expect(server.requests.map((request) => request.path)).toEqual([
      `/${NAMES.images}`,
      `/${NAMES.labels}`,
      `/${NAMES.labels}`,
    ]);
    expect((await definition.load(files, "test")).length).toBe(10_000);
  });

  it("loads plain copies, under both usual names", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "t10k-images.idx3-ubyte"), plainImages);
    await writeFile(join(folder, "t10k-labels-idx1-ubyte"), plainLabels);
    const definition = testSet(NOWHERE);
    const files = await obtainFiles(definition, "test", { dataFolder: folder });
    expect(files.get(NAMES.images)).toBe(join(folder, "t10k-images.idx3-ubyte"));
    expect((await definition.load(files, "test")).length).toBe(10_000);
  });

  it("refuses files of another shape than the set has", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "x");
    await writeFile(path, Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7));
    const files = new Map([
      [NAMES.images, path],
      [NAMES.labels, path],
    ]);
    await expect(testSet(NOWHERE).load(files, "test")).rejects.toThrow(
      /expected bytes of shape \[10000,28,28\]; got Uint8Array of shape \[1\]/,
    );
  });

  it("says what is missing, where it looked and what to do when it may not download", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, NAMES.labels), "rubbish");
    const error = await obtainFiles(testSet(NOWHERE, ["/opt/none"]), "test", {
      download: false,
      dataFolder: folder,
    }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AuricleError);
    const { message } = error as AuricleError;
    expect(message).toContain(`${NAMES.images} (${images.length} bytes)`);
    expect(message).toContain(`  ${join(folder, NAMES.labels)}: it has 7 bytes; expected ${labels.length}`);
    expect(message).toContain(join(folder, "stripes"));
    expect(message).toContain("/opt/none");
    expect(message).toContain("https://example.org/stripes");
    expect(message).toContain("$AURICLE_DATA");
  });

  it("tells the same when no address delivers a file", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, NAMES.labels), "rubbish");
    const error = await obtainFiles(testSet(NOWHERE), "test", { dataFolder: folder }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(AuricleError);
    const { message } = error as AuricleError;
    expect(message).toContain(`all addresses failed\n  ${NOWHERE}${NAMES.images}: `);
    expect(message).toContain(`Skipped:\n  ${join(folder, NAMES.labels)}: it has 7 bytes`);
    expect(message).toContain("Or get the files from https://example.org/stripes");
  });
});

describe("where files are looked for", () => {
  it("is the given folder, $AURICLE_DATA, the system's folders and the cache, in this order", async () => {
    const given = await temporaryFolder();
    const own = await temporaryFolder();
    vi.stubEnv("AURICLE_DATA", own);
    expect(await searchFolders(testSet(NOWHERE, ["/usr/share/stripes"]), given)).toEqual([
      join(given, "stripes"),
      given,
      join(own, "stripes"),
      own,
      "/usr/share/stripes",
      join(cache.folder, "datasets", "stripes"),
    ]);
  });

  it("must be a folder", async () => {
    const folder = await temporaryFolder();
    const missing = join(folder, "mistyped");
    await expect(searchFolders(testSet(NOWHERE), missing)).rejects.toThrow(
      /option dataFolder.*mistyped.*ENOENT/,
    );
    vi.stubEnv("AURICLE_DATA", missing);
    await expect(searchFolders(testSet(NOWHERE), undefined)).rejects.toThrow(
      /\$AURICLE_DATA.*mistyped.*ENOENT/,
    );
    await writeFile(missing, "");
    await expect(searchFolders(testSet(NOWHERE), missing)).rejects.toThrow(/mistyped: it must be a folder/);
  });

  it("gives the first whole copy and tells which files it passed over", async () => {
    const [first, second, third] = [
      await temporaryFolder(),
      await temporaryFolder(),
      await temporaryFolder(),
    ];
    await writeFile(join(first, NAMES.labels), new Uint8Array(labels.length));
    await mkdir(join(second, NAMES.labels));
    await writeFile(join(third, NAMES.labels), labels);
    const file = testSet(NOWHERE).files[3];
    const located = await locateFile(file, [first, join(first, "none"), second, third]);
    expect(located.path).toBe(join(third, NAMES.labels));
    expect(located.rejected).toEqual([
      {
        path: join(first, NAMES.labels),
        reason: `its SHA-256 is ${sha256(new Uint8Array(labels.length))}; expected ${sha256(labels)}`,
      },
      { path: join(second, NAMES.labels), reason: "it is not a file" },
    ]);
    await rm(join(third, NAMES.labels));
    expect((await locateFile(file, [first, third])).path).toBeUndefined();
  });
});

describe("data sets by name", () => {
  it("are located without a download, present or not", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, "mnist"));
    await writeFile(join(folder, "mnist", NAMES.images), "not it");
    const location = await locateDataset("mnist", { dataFolder: folder });
    expect(location.files.map(({ file, path }) => [file.name, path])).toEqual([
      ["train-images-idx3-ubyte.gz", undefined],
      ["train-labels-idx1-ubyte.gz", undefined],
      ["t10k-images-idx3-ubyte.gz", undefined],
      ["t10k-labels-idx1-ubyte.gz", undefined],
    ]);
    expect(location.files[2].rejected).toHaveLength(1);
    expect((await locateDataset("digits")).files).toEqual([]);
  });

  it("are loaded: the digits need no file, and fewer are in the test part", async () => {
    const test = await loadDataset("digits", { role: "test", download: false });
    expect(test).toMatchObject({ name: "digits (test)", length: 2_000, inputShape: [28, 28, 1] });
    expect((await loadDataset("digits")).length).toBe(10_000);
  });

  it("must be known, and the role one of two", async () => {
    await expect(loadDataset("fashionmnist")).rejects.toThrow(/did you mean "fashion-mnist"/);
    await expect(locateDataset("nothing like it")).rejects.toThrow(
      /Known: cifar-10, digits, drumkits, esc-50/,
    );
    const role = "validation" as "test";
    await expect(loadDataset("digits", { role })).rejects.toThrow(/"train" or "test"; got "validation"/);
    await expect(loadDataset("mnist", { download: false })).rejects.toThrow(/"mnist" is not on this machine/);
  });
});

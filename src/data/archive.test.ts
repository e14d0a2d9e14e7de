import { mkdir, readdir, readFile, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { strToU8, Zip, ZipDeflate, ZipPassThrough, zipSync, type Zippable } from "fflate";
import { create, Header } from "tar";
import { describe, expect, it } from "vitest";
import { AuricleError } from "../errors.ts";
import { unpackArchive } from "./archive.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const CONTENT = { "top/a/1.txt": "one", "top/b/2.txt": "two".repeat(1000), "top/c.txt": "" };

/** Writes an archive with these files and returns its path. */
async function makeArchive(kind: "tar.gz" | "zip", files: Record<string, string> = CONTENT): Promise<string> {
  const folder = await temporaryFolder();
  const archive = join(folder, `x.${kind}`);
  if (kind === "zip") {
    const zippable: Zippable = {};
    for (const [name, text] of Object.entries(files)) zippable[name] = strToU8(text);
    await writeFile(archive, zipSync(zippable));
    return archive;
  }
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await create({ gzip: true, file: archive, cwd: folder }, Object.keys(files));
  return archive;
}

/** One entry of a tar archive that a careful program would not write. */
function tarEntry(fields: ConstructorParameters<typeof Header>[0], content = ""): Buffer {
  const block = Buffer.alloc(512 + 512 * Math.ceil(content.length / 512));
  new Header({ mode: 0o644, size: content.length, mtime: new Date(0), ...fields }).encode(block, 0);
  block.write(content, 512);
  return block;
}

/** Blocks of 64 kB that are compressed to some 300 bytes each. */
function mostlyZeros(blocks: number): string {
  const word = (i: number) => (Math.imul(i, 0x9e3779b1) >>> 0).toString(36);
  const words = (block: number) => Array.from({ length: 40 }, (_, i) => word(40 * block + i)).join("");
  return Array.from({ length: blocks }, (_, block) => words(block).padEnd(65_536, "0")).join("");
}

async function writeTar(...entries: readonly Buffer[]): Promise<string> {
  const archive = join(await temporaryFolder(), "x.tar.gz");
  await writeFile(archive, gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)])));
  return archive;
}

async function failure(unpacking: Promise<void>): Promise<string> {
  const error = await unpacking.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(AuricleError);
  expect((error as AuricleError).code).toBe("file");
  return (error as AuricleError).message;
}

describe.each(["tar.gz", "zip"] as const)("unpackArchive of a %s", (kind) => {
  it("makes a folder of the content without the folder around it", async () => {
    const archive = await makeArchive(kind);
    const parent = await temporaryFolder();
    const folder = join(parent, "new", "data");
    const progress: number[] = [];
    await unpackArchive({
      archive,
      folder,
      strip: 1,
      onProgress: ({ received, total }) => progress.push(received / total),
    });
    expect((await readdir(folder)).sort()).toEqual(["a", "b", "c.txt"]);
    expect(await readFile(join(folder, "b", "2.txt"), "utf8")).toBe("two".repeat(1000));
    expect(await readFile(join(folder, "c.txt"), "utf8")).toBe("");
    expect(await readdir(join(parent, "new"))).toEqual(["data"]);
    expect(progress.at(-1)).toBe(1);
  });

  it("leaves hidden files out, and all else as it is", async () => {
    const archive = await makeArchive(kind, {
      "a/1.wav": "1",
      "a/._1.wav": "2",
      ".git/x": "3",
      "__MACOSX/a/1.wav": "4",
      "ö ñ.txt": "5",
    });
    const folder = join(await temporaryFolder(), "data");
    await unpackArchive({ archive, folder });
    expect((await readdir(folder)).sort()).toEqual(["a", "ö ñ.txt"]);
    expect(await readdir(join(folder, "a"))).toEqual(["1.wav"]);
  });

  it("puts nothing in place of an archive that is cut short", async () => {
    const archive = await makeArchive(kind);
    const { length } = await readFile(archive);
    for (const bytes of [0, 10, Math.floor(length / 2), length - 30]) {
      await truncate(archive, bytes);
      const parent = await temporaryFolder();
      expect(await failure(unpackArchive({ archive, folder: join(parent, "data") }))).toContain("damaged");
      expect(await readdir(parent)).toEqual([]);
      await writeFile(archive, await readFile(await makeArchive(kind)));
    }
  });

  it("leaves nothing behind wherever an archive of many files is cut or damaged", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`top/${i % 7}/${i}.txt`, String(i * 7919).repeat(400)]),
    );
    const archive = await makeArchive(kind, files);
    const whole = await readFile(archive);
    const spoiled = (i: number) => {
      const at = Math.floor(((i + 0.5) * whole.length) / 20);
      if (i % 2 === 0) return whole.subarray(0, at);
      const bytes = Buffer.from(whole);
      return bytes.fill(bytes[at] ^ 0xff, at, at + 9);
    };
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const parent = await temporaryFolder();
        const copy = join(await temporaryFolder(), `x.${kind}`);
        await writeFile(copy, spoiled(i));
        // A damaged byte may be one that nothing depends on.
        const outcome = await unpackArchive({ archive: copy, folder: join(parent, "data") }).catch(
          (error: unknown) => error,
        );
        if (outcome === undefined) expect(await readdir(parent)).toEqual(["data"]);
        else {
          expect(outcome).toBeInstanceOf(AuricleError);
          expect(await readdir(parent)).toEqual([]);
        }
      }),
    );
  });

  it("refuses an archive that would unpack to far more than its size", async () => {
    const archive = await makeArchive(kind, { "zeros.txt": mostlyZeros(1300) });
    expect((await readFile(archive)).length).toBeLessThan(600_000);
    const parent = await temporaryFolder();
    expect(await failure(unpackArchive({ archive, folder: join(parent, "data") }))).toMatch(
      /would unpack to more than 67108864 bytes/,
    );
    expect(await readdir(parent)).toEqual([]);
  });

  it("leaves what another process has put there meanwhile, and cleans up after one that was killed", async () => {
    const archive = await makeArchive(kind);
    const parent = await temporaryFolder();
    await mkdir(join(parent, "data"));
    await writeFile(join(parent, "data", "theirs"), "");
    for (const name of [".unpacking-old", ".unpacking-new"]) await mkdir(join(parent, name));
    const longAgo = new Date(Date.now() - 2 * 86_400_000);
    await utimes(join(parent, ".unpacking-old"), longAgo, longAgo);
    await unpackArchive({ archive, folder: join(parent, "data") });
    expect((await readdir(parent)).sort()).toEqual([".unpacking-new", "data"]);
    expect(await readdir(join(parent, "data"))).toEqual(["theirs"]);
  });

  it("says which file is missing", async () => {
    const folder = await temporaryFolder();
    const archive = join(folder, `none.${kind}`);
    expect(await failure(unpackArchive({ archive, folder: join(folder, "data") }))).toMatch(
      /cannot unpack .*none.*ENOENT/,
    );
  });
});

describe("what leads out of the folder", () => {
  const OUTSIDE = /would be written outside the destination folder/;

  it.each(["../evil.txt", "a/../../evil.txt", "/tmp/auricle-evil.txt", "C:\\evil.txt", "..\\evil.txt"])(
    "is refused: %s",
    async (path) => {
      const parent = await temporaryFolder();
      const tar = await writeTar(
        tarEntry({ path: "fine.txt", type: "File" }, "1"),
        tarEntry({ path, type: "File" }),
      );
      expect(await failure(unpackArchive({ archive: tar, folder: join(parent, "data") }))).toMatch(OUTSIDE);
      const zip = await makeArchive("zip", { "fine.txt": "1", [path]: "2" });
      expect(await failure(unpackArchive({ archive: zip, folder: join(parent, "data") }))).toMatch(OUTSIDE);
      expect(await readdir(parent)).toEqual([]);
    },
  );

  it("cannot be reached through a link in the archive, which is not made", async () => {
    const parent = await temporaryFolder();
    const tar = await writeTar(
      tarEntry({ path: "link", type: "SymbolicLink", linkpath: parent }),
      tarEntry({ path: "hard", type: "Link", linkpath: "/etc/hosts" }),
      tarEntry({ path: "link/evil.txt", type: "File" }, "evil"),
    );
    await unpackArchive({ archive: tar, folder: join(parent, "data") });
    // Without the link the entry below it is a file in a folder of that name.
    expect(await readdir(parent)).toEqual(["data"]);
    expect(await readdir(join(parent, "data"))).toEqual(["link"]);
    expect(await readdir(join(parent, "data", "link"))).toEqual(["evil.txt"]);
  });

  it("is no link of a zip archive either", async () => {
    const parent = await temporaryFolder();
    const archive = join(await temporaryFolder(), "x.zip");
    // Mode 0o120777, a symbolic link of Unix (3).
    const bytes = zipSync({
      link: [strToU8(parent), { os: 3, attrs: 0o120777 << 16 }],
      plain: [strToU8("x"), { os: 3, attrs: 0o100644 << 16 }],
    });
    await writeFile(archive, bytes);
    await unpackArchive({ archive, folder: join(parent, "data") });
    expect(await readdir(join(parent, "data"))).toEqual(["plain"]);
  });
});

describe("zip archives", () => {
  async function unpackBytes(bytes: Uint8Array): Promise<string> {
    const parent = await temporaryFolder();
    await writeFile(join(parent, "x.zip"), bytes);
    await unpackArchive({ archive: join(parent, "x.zip"), folder: join(parent, "data") });
    return join(parent, "data");
  }

  it("may hold stored files and files whose sizes come after them", async () => {
    const pieces: Uint8Array[] = [];
    const zip = new Zip((error, piece) => {
      if (error) throw error;
      pieces.push(piece);
    });
    const stored = new ZipPassThrough("stored.txt");
    const deflated = new ZipDeflate("deflated.txt");
    zip.add(stored);
    stored.push(strToU8("PK\x07\x08 looks like a signature"), true);
    zip.add(deflated);
    deflated.push(strToU8("deflated ".repeat(500)), true);
    zip.end();
    const folder = await unpackBytes(Buffer.concat(pieces));
    expect(await readFile(join(folder, "stored.txt"), "utf8")).toBe("PK\x07\x08 looks like a signature");
    expect(await readFile(join(folder, "deflated.txt"), "utf8")).toBe("deflated ".repeat(500));
  });

  it("may be of the 64-bit form", async () => {
    // APPNOTE 4.3.14, 4.3.15 and 4.5.3: all ones in the plain fields send the reader to these.
    const plain = Buffer.from(zipSync({ "a.txt": [strToU8("content"), { level: 0 }] }));
    const directoryStart = plain.readUInt32LE(plain.length - 6);
    const entry = plain.subarray(directoryStart, plain.length - 22);
    const extra = Buffer.alloc(28);
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(24, 2);
    extra.writeBigUInt64LE(7n, 4); // size
    extra.writeBigUInt64LE(7n, 12); // compressed size
    extra.writeBigUInt64LE(0n, 20); // offset
    const entry64 = Buffer.concat([entry, extra]);
    for (const field of [20, 24, 42]) entry64.writeUInt32LE(0xffffffff, field);
    entry64.writeUInt16LE(28, 30);
    const record = Buffer.alloc(56);
    record.writeUInt32LE(0x06064b50, 0);
    record.writeBigUInt64LE(1n, 32);
    record.writeBigUInt64LE(BigInt(entry64.length), 40);
    record.writeBigUInt64LE(BigInt(directoryStart), 48);
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50, 0);
    locator.writeBigUInt64LE(BigInt(directoryStart + entry64.length), 8);
    const end = Buffer.from(plain.subarray(plain.length - 22));
    end.fill(0xff, 8, 20);
    const bytes = Buffer.concat([plain.subarray(0, directoryStart), entry64, record, locator, end]);
    expect(await readFile(join(await unpackBytes(bytes), "a.txt"), "utf8")).toBe("content");
  });

  it.each<[string, (bytes: Buffer, directory: number) => void, RegExp]>([
    [
      "other content",
      (bytes) => bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40),
      /does not match its checksum/,
    ],
    ["encryption", (bytes, at) => bytes.writeUInt16LE(1, at + 8), /"a.txt" is encrypted/],
    ["another method", (bytes, at) => bytes.writeUInt16LE(12, at + 10), /compressed by method 12/],
    [
      "a size too small",
      (bytes, at) => bytes.writeUInt32LE(3, at + 24),
      /holds more than the 3 bytes that it states/,
    ],
    ["a size too large", (bytes, at) => bytes.writeUInt32LE(9e8, at + 24), /does not match its checksum/],
    ["an offset outside", (bytes, at) => bytes.writeUInt32LE(9e8, at + 42), /cut short/],
    [
      "an offset elsewhere",
      (bytes, at) => bytes.writeUInt32LE(1, at + 42),
      /is not at the position that the directory states/,
    ],
    [
      "more entries than it has",
      (bytes) => bytes.writeUInt16LE(9, bytes.length - 12),
      /ends after 1 of 9 entries/,
    ],
    [
      "a directory outside",
      (bytes) => bytes.writeUInt32LE(9e8, bytes.length - 6),
      /its directory is missing/,
    ],
  ])("are refused with %s", async (_, spoil, message) => {
    const bytes = Buffer.from(zipSync({ "a.txt": [strToU8("stored content"), { level: 0 }] }));
    spoil(bytes, bytes.readUInt32LE(bytes.length - 6));
    expect(await failure(unpackBytes(bytes).then(() => undefined))).toMatch(message);
  });

  it("are refused where entries share their bytes", async () => {
    const bytes = Buffer.from(
      zipSync({ "a.txt": [strToU8("content"), { level: 0 }], "b.txt": [strToU8("content"), { level: 0 }] }),
    );
    // Both entries of the directory point at the first file.
    const second = bytes.indexOf("b.txt", bytes.readUInt32LE(bytes.length - 6));
    bytes.writeUInt32LE(0, second - 46 + 42);
    expect(await failure(unpackBytes(bytes).then(() => undefined))).toMatch(/"b.txt" overlaps another/);
  });

  it("are refused where the deflated data are damaged", async () => {
    const bytes = Buffer.from(zipSync({ "a.txt": strToU8("deflated ".repeat(500)) }));
    bytes.fill(0xff, 36, 50);
    expect(await failure(unpackBytes(bytes).then(() => undefined))).toMatch(/"a.txt" cannot be decompressed/);
  });
});

import { deflateSync, strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { viewOf } from "../../io/byte-text.ts";
import { isZip, openZip } from "./read-zip.ts";
import { writeZip } from "./write-zip.ts";

const FILES: [string, Uint8Array][] = [
  ["a.txt", strToU8("first")],
  ["folder/é", strToU8("zero ".repeat(1000))],
  ["empty", new Uint8Array()],
];

function contentsOf(bytes: Uint8Array): [string, Uint8Array][] {
  const zip = openZip(bytes, "a.zip");
  return zip.paths.map((path) => [path, zip.read(path)]);
}

/** An archive of one entry, in the bytes of its directory something changed. */
function withDirectory(
  change: (view: DataView, at: number) => void,
  bytes = writeZip(FILES.slice(0, 1)),
): Uint8Array {
  const view = viewOf(bytes);
  change(view, view.getUint32(bytes.length - 6, true));
  return bytes;
}

describe("openZip", () => {
  it.each([0, 6])("reads what fflate writes at level %i, folders left out", (level) => {
    const archive = zipSync(
      { ...Object.fromEntries(FILES), "folder/": new Uint8Array() },
      { level: level === 0 ? 0 : 6 },
    );
    expect(contentsOf(archive)).toEqual(FILES);
  });

  it.each([{}, { compress: true }, { alignment: 64 }])("reads what writeZip writes with %j", (options) => {
    expect(contentsOf(writeZip(FILES, options))).toEqual(FILES);
  });

  it("reads sizes, offsets and counts of 64 bits", () => {
    for (const zip64From of [0, 6, 100])
      expect(contentsOf(writeZip(FILES, { alignment: 16 }, zip64From))).toEqual(FILES);
  });

  it("reads more entries than 16 bits count", () => {
    const many = Array.from({ length: 65_536 }, (_, i): [string, Uint8Array] => [
      String(i),
      new Uint8Array(),
    ]);
    expect(openZip(writeZip(many), "a.zip").paths).toHaveLength(65_536);
  });

  it("finds the directory before a comment", () => {
    const bytes = writeZip(FILES);
    const commented = new Uint8Array(bytes.length + 300);
    commented.set(bytes);
    viewOf(commented).setUint16(bytes.length - 2, 300, true);
    expect(contentsOf(commented)).toEqual(FILES);
  });

  it.each<[string, Uint8Array, string]>([
    ["nothing", new Uint8Array(), "no directory"],
    ["a cut", writeZip(FILES).slice(0, -1), "no directory"],
    ["encryption", withDirectory((view, at) => view.setUint16(at + 8, 1, true)), "is encrypted"],
    [
      "another method",
      withDirectory((view, at) => view.setUint16(at + 10, 93, true)),
      "method 93, which is not supported",
    ],
    [
      "another checksum",
      withDirectory((view, at) => view.setUint32(at + 16, 1, true)),
      "does not fit its checksum",
    ],
    [
      "another length",
      withDirectory((view, at) => view.setUint32(at + 24, 4, true)),
      "states 4 bytes and holds 5",
    ],
    [
      "a length beyond the file",
      withDirectory((view, at) => view.setUint32(at + 20, 1e9, true)),
      "is cut short",
    ],
    ["another place", withDirectory((view, at) => view.setUint32(at + 42, 3, true)), "not at the position"],
    [
      "sizes of 64 bits without any",
      withDirectory((view, at) => view.setUint32(at + 24, 0xffffffff, true)),
      "has no sizes",
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => contentsOf(bytes)).toThrow(message);
    expect(() => contentsOf(bytes)).toThrow(/^a\.zip: /);
  });

  it("refuses a path that is there twice", () => {
    const bytes = writeZip([
      ["a", strToU8("1")],
      ["b", strToU8("2")],
    ]);
    // The second entry of the directory is named as the first.
    const view = viewOf(bytes);
    bytes[view.getUint32(bytes.length - 6, true) + 46 + 1 + 46] = "a".charCodeAt(0);
    expect(() => openZip(bytes, "a.zip")).toThrow('has "a" twice');
  });

  it("refuses entries that share their bytes", () => {
    const bytes = writeZip([
      ["a", strToU8("same")],
      ["b", strToU8("same")],
    ]);
    const second = viewOf(bytes).getUint32(bytes.length - 6, true) + 46 + 1;
    viewOf(bytes).setUint32(second + 42, 0, true);
    expect(() => openZip(bytes, "a.zip")).toThrow("overlaps another");
  });

  it("takes no memory for a length that deflate cannot reach", () => {
    const bomb = withDirectory(
      (view, at) => view.setUint32(at + 24, 0xfffffffe, true),
      writeZip(FILES, { compress: true }),
    );
    expect(() => contentsOf(bomb)).toThrow(/cannot hold/);
  });

  it("stops at content that goes on beyond its stated length", () => {
    const packed = deflateSync(new Uint8Array(100_000));
    const bytes = withDirectory(
      (view, at) => {
        view.setUint16(at + 10, 8, true);
        view.setUint32(at + 24, 1000, true);
      },
      writeZip([["a", packed]]),
    );
    expect(() => contentsOf(bytes)).toThrow("states 1000 bytes and holds 1001");
  });

  it("refuses an archive that unpacks to far more than its own size before it takes the memory", () => {
    const bytes = withDirectory(
      (view, at) => {
        view.setUint16(at + 10, 8, true);
        view.setUint32(at + 24, 300 * 2 ** 20, true);
      },
      writeZip([["a", new Uint8Array(300 * 2 ** 10)]]),
    );
    expect(() => contentsOf(bytes)).toThrow("a.zip: it would unpack to more than 268435456 bytes");
  });
});

describe("writeZip", () => {
  it("begins contents at multiples of the alignment", () => {
    const bytes = writeZip(FILES, { alignment: 64 });
    const zip = openZip(bytes, "a.zip");
    for (const path of zip.paths) expect((zip.read(path).byteOffset - bytes.byteOffset) % 64).toBe(0);
  });

  it("refuses a path that comes twice", () => {
    expect(() => writeZip([FILES[0], FILES[0]])).toThrow('got "a.txt" twice');
  });
});

describe("isZip", () => {
  it("knows archives by their beginning", () => {
    expect([writeZip(FILES), writeZip([]), strToU8("PK"), new Uint8Array(100)].map(isZip)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

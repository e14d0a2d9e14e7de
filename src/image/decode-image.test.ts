/** @file Decoded pictures against Pillow's pixels, and files that are damaged, cut off or absurd. */

import { zlibSync } from "fflate";
import { describe, expect, it } from "vitest";
import { AuricleError } from "../errors.ts";
import { Generator } from "../random/generator.ts";
import { loadCodec } from "./codecs/codec.ts";
import { decodeImage, readImageHeader } from "./decode-image.ts";
import { difference, picture, PICTURES } from "./testing/pictures.ts";

/** A copy with bytes exchanged. */
function changed(bytes: Uint8Array, at: number, values: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
}

describe("decodeImage: the pixels that Pillow has", () => {
  it.each(PICTURES)("$name: the same bytes", async ({ bytes, image }) => {
    const { format, warnings, data, ...shape } = await decodeImage(bytes, "picture");
    const { data: expected, ...expectedShape } = image;
    expect({ ...shape, warnings }).toEqual({ ...expectedShape, warnings: [] });
    expect(format).toBe(readImageHeader(bytes).format);
    expect(difference(data, expected)).toEqual({ largest: 0, mean: 0 });
  });

  it.each(PICTURES)("$name: the header has the decoded size and channels", ({ bytes, image }) => {
    const { width, height, orientation, channels, frames } = readImageHeader(bytes);
    expect(orientation > 4 ? [height, width] : [width, height]).toEqual([image.width, image.height]);
    expect(channels).toBe(image.channels);
    expect(frames >= 1).toBe(true);
  });

  it("counts the frames of animations", () => {
    expect(readImageHeader(picture("webp animation").bytes).frames).toBe(2);
    expect(readImageHeader(picture("gif animation").bytes).frames).toBe(2);
  });
});

describe("decodeImage: a GIF frame smaller than its screen", () => {
  it("lies on a transparent screen; what sticks out is cut off", async () => {
    const { bytes, image } = picture("gif");
    const larger = await decodeImage(changed(bytes, 6, [40, 0, 25, 0]));
    expect([larger.width, larger.height, larger.channels]).toEqual([40, 25, 4]);
    expect([...larger.data.subarray(0, 4)]).toEqual([...image.data.subarray(0, 3), 255]);
    expect([...larger.data.subarray(39 * 4, 40 * 4)]).toEqual([0, 0, 0, 0]);
    const smaller = await decodeImage(changed(bytes, 6, [10, 0, 5, 0]));
    expect([smaller.width, smaller.height, smaller.channels]).toEqual([10, 5, 3]);
    expect([...smaller.data.subarray(30, 33)]).toEqual([...image.data.subarray(37 * 3, 37 * 3 + 3)]);
  });
});

describe("decodeImage: what cannot be decoded", () => {
  const single = PICTURES.filter(({ name }) => name !== "gif animation");

  it.each(single)("$name cut off in its middle is refused by name", async ({ bytes }) => {
    const half = bytes.subarray(0, Math.floor(bytes.length * 0.5));
    await expect(decodeImage(half, "cut.bin")).rejects.toThrow(/^cut\.bin: .*(cut off|damaged)/);
  });

  it("takes a picture that lacks nothing but its end mark, and says so", async () => {
    for (const name of ["jpeg 4:2:0", "png RGB"]) {
      const { bytes, image } = picture(name);
      const { data, warnings } = await decodeImage(
        bytes.subarray(0, bytes.length - (name.startsWith("png") ? 12 : 2)),
      );
      expect(data).toEqual(image.data);
      expect(warnings).toEqual([expect.stringContaining("its pixels are complete")]);
    }
  });

  it("takes the first frame of an animation that is cut off after it, and says so", async () => {
    const { bytes, image } = picture("gif animation");
    const { data, warnings } = await decodeImage(bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    expect(data).toEqual(image.data);
    expect(warnings).toEqual([expect.stringContaining("cut off after its first frame")]);
  });

  it("says that a JPEG picture is damaged which libjpeg repairs", async () => {
    const { bytes } = picture("jpeg restarts");
    const middle = bytes.length - 60;
    const { warnings } = await decodeImage(changed(bytes, middle, [0xff, 0xd5, 0, 0, 0, 0]));
    expect(warnings).toEqual([expect.stringContaining("damaged")]);
  });

  it("refuses sizes that a header claims before memory is taken, and names the limit", async () => {
    const claims: readonly [string, Uint8Array][] = [
      ["bmp", changed(picture("bmp 24 bits").bytes, 18, [0x60, 0xea, 0, 0, 0x60, 0xea, 0, 0])],
      ["gif", changed(picture("gif").bytes, 6, [0xff, 0xff, 0xff, 0xff])],
      ["png", pngClaiming(60_000, 60_000)],
      ["jpeg", jpegClaiming(60_000, 60_000)],
    ];
    for (const [name, bytes] of claims) {
      await expect(decodeImage(bytes, name), name).rejects.toThrow(/6\d{4} × 6\d{4} pixels, more than/);
    }
    await expect(decodeImage(pngClaiming(0, 5))).rejects.toThrow("0 × 5 pixels");
    const { bytes } = picture("webp lossy");
    await expect(decodeImage(bytes, "a", { maxPixels: 100 })).rejects.toThrow("37 × 23 pixels");
    await expect(decodeImage(bytes, "a", { maxPixels: 37 * 23 })).resolves.toBeDefined();
  });

  it("refuses a PNG picture whose few bytes cannot be its pixels, and one with a wrong checksum", async () => {
    await expect(decodeImage(pngClaiming(8000, 8000), "bomb.png")).rejects.toThrow(
      "bomb.png: the PNG picture is cut off",
    );
    const { bytes } = picture("png RGB");
    const wrong = changed(bytes, 60, [bytes[60] ^ 1]);
    await expect(decodeImage(wrong)).rejects.toThrow("checksum of its chunk IDAT");
  });

  it("names other formats, empty files and what is no picture", async () => {
    const text = (letters: string) => Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    await expect(decodeImage(text("II*\0abcdefgh"), "a.jpg")).rejects.toThrow("a.jpg: a TIFF picture");
    await expect(decodeImage(text("\0\0\0 ftypavif"))).rejects.toThrow("AVIF");
    await expect(decodeImage(new Uint8Array(0))).rejects.toThrow("an empty file");
    await expect(decodeImage(text("hello"))).rejects.toThrow("not a picture in a known format");
  });
});

describe("decodeImage: kinds of JPEG that are not read", () => {
  /** A copy whose frame header has another marker, or another number of bits. */
  function withFrame(change: { readonly marker?: number; readonly bits?: number }): Uint8Array {
    const { bytes } = picture("jpeg 4:2:0");
    const frame = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
    const marked = changed(bytes, frame + 1, [change.marker ?? 0xc0]);
    return changed(marked, frame + 4, [change.bits ?? 8]);
  }

  it.each([
    [{ bits: 12, marker: 0xc1 }, "12-bit"],
    [{ marker: 0xc9 }, "arithmetic-coded"],
    [{ marker: 0xca }, "arithmetic-coded"],
    [{ marker: 0xc3 }, "lossless"],
  ])("%j is refused by name", async (change, name) => {
    await expect(decodeImage(withFrame(change), "a.jpg")).rejects.toThrow(
      `a.jpg: a ${name} JPEG picture, which`,
    );
  });
});

describe("decodeImage: files that would take time or memory without end", () => {
  /** A progressive JPEG whose scans come again and again. */
  function scanBomb(times: number): Uint8Array {
    const { bytes } = picture("jpeg progressive");
    const firstScan = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xda);
    const scans = bytes.subarray(firstScan, bytes.length - 2);
    const bomb = new Uint8Array(bytes.length + times * scans.length);
    bomb.set(bytes.subarray(0, bytes.length - 2));
    for (let i = 0; i < times; i++) bomb.set(scans, bytes.length - 2 + i * scans.length);
    bomb.set([0xff, 0xd9], bomb.length - 2);
    return bomb;
  }

  it("refuses a JPEG with thousands of scans, and one of few scans that claims many pixels", async () => {
    await expect(decodeImage(scanBomb(500), "bomb.jpg")).rejects.toThrow(
      /bomb\.jpg: a JPEG picture of \d{4} scans/,
    );
    const large = scanBomb(10);
    const frame = large.findIndex((byte, i) => byte === 0xff && large[i + 1] === 0xc2);
    const view = new DataView(large.buffer);
    view.setUint16(frame + 5, 8000);
    view.setUint16(frame + 7, 8000);
    await expect(decodeImage(large, "bomb.jpg")).rejects.toThrow("more than a picture of its size has");
  });

  it("does not unpack a PNG's texts and colour profile, whatever these hold", async () => {
    const { bytes, image } = picture("png RGB");
    const content = Uint8Array.from("name\0\0not deflate", (letter) => letter.charCodeAt(0));
    const chunks = ["zTXt", "iTXt", "iCCP"].map((type) => pngChunk(type, content));
    const parts = [bytes.subarray(0, 33), ...chunks, bytes.subarray(33)];
    const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      file.set(part, at);
      at += part.length;
    }
    expect((await decodeImage(file)).data).toEqual(image.data);
  });

  it("inflates no more of a PNG's pixels than the header promises", async () => {
    // 20 MB of zeros in 20 kB, where 1 × 1 pixels take two bytes.
    const bomb = zlibSync(new Uint8Array(20_000_000));
    const header = Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0);
    const parts = [pngChunk("IHDR", header), pngChunk("IDAT", bomb), pngChunk("IEND", new Uint8Array(0))];
    const signature = picture("png RGB").bytes.subarray(0, 8);
    const file = Uint8Array.from([signature, ...parts].flatMap((part) => [...part]));
    expect(await decodeImage(file)).toMatchObject({ width: 1, height: 1, data: Uint8Array.of(0) });
  });
});

describe("the WebP decoder", () => {
  it("has a memory of its own for each picture, so that a crafted one cannot spoil the next", async () => {
    const { bytes } = picture("webp lossless");
    const source = { bytes, name: "a.webp" };
    const places = [];
    for (let i = 0; i < 2; i++) {
      const codec = await loadCodec("webp");
      const place = codec.run(source, "WebP", ({ memory, allocate }) => {
        const address = allocate(1000);
        const before = memory()[address + 999];
        memory().fill(7, address, address + 1000);
        return { address, before };
      });
      places.push(place);
    }
    expect(places[1]).toEqual({ address: places[0].address, before: 0 });
  });
});

describe("decodeImage: random damage", () => {
  it("ends in a picture or an AuricleError that names the file, and decodes whole files afterwards", async () => {
    const random = new Generator(5);
    for (const { name, bytes } of PICTURES) {
      for (let round = 0; round < 25; round++) {
        const copy = bytes.slice(0, round % 3 === 0 ? 1 + random.integer(bytes.length) : bytes.length);
        for (let i = 0; i < 1 + random.integer(6); i++)
          copy[random.integer(copy.length)] = random.integer(256);
        try {
          const { width, height, channels, data } = await decodeImage(copy, "fuzz", { maxPixels: 2 ** 20 });
          expect(data.length, name).toBe(width * height * channels);
        } catch (error) {
          expect(error, `${name}: ${String(error)}`).toBeInstanceOf(AuricleError);
          expect(String(error)).toContain("fuzz");
        }
      }
    }
    const { bytes, image } = picture("jpeg progressive");
    expect((await decodeImage(bytes)).data).toEqual(image.data);
  });
});

/** A PNG of one chunk of pixels that holds next to nothing. */
function pngClaiming(width: number, height: number): Uint8Array {
  const { bytes } = picture("png RGB");
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  view.setUint32(29, crcOf(copy.subarray(12, 29)));
  return copy;
}

function pngChunk(type: string, content: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(content.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, content.length);
  chunk.set(
    Uint8Array.from(type, (letter) => letter.charCodeAt(0)),
    4,
  );
  chunk.set(content, 8);
  view.setUint32(content.length + 8, crcOf(chunk.subarray(4, content.length + 8)));
  return chunk;
}

function jpegClaiming(width: number, height: number): Uint8Array {
  const copy = picture("jpeg 4:2:0").bytes.slice();
  const frame = copy.findIndex((byte, i) => byte === 0xff && copy[i + 1] === 0xc0);
  const view = new DataView(copy.buffer);
  view.setUint16(frame + 5, height);
  view.setUint16(frame + 7, width);
  return copy;
}

/** The definition, bit by bit. */
function crcOf(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

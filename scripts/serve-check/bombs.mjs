/** @file Small files that promise or hold far more than their size. */

import { deflateSync } from "node:zlib";

/** A remainder table for CRCs whose highest bit comes first. */
function crcTable(bits, polynomial) {
  return Array.from({ length: 256 }, (_, byte) => {
    let rest = byte << (bits - 8);
    for (let i = 0; i < 8; i++) rest = rest & (1 << (bits - 1)) ? (rest << 1) ^ polynomial : rest << 1;
    return rest & (2 ** bits - 1);
  });
}

const CRC8 = crcTable(8, 0x07);
const CRC16 = crcTable(16, 0x8005);
const crc8 = (bytes) => bytes.reduce((rest, byte) => CRC8[rest ^ byte], 0);
const crc16 = (bytes) => bytes.reduce((rest, byte) => ((rest << 8) & 0xffff) ^ CRC16[(rest >> 8) ^ byte], 0);

/** A number as FLAC writes that of a frame: as UTF-8 would, up to 2¹⁶. */
function frameNumber(number) {
  if (number < 0x80) return [number];
  if (number < 0x800) return [0xc0 | (number >> 6), 0x80 | (number & 63)];
  return [0xe0 | (number >> 12), 0x80 | ((number >> 6) & 63), 0x80 | (number & 63)];
}

const BLOCK = 65_535;

/** Silence as FLAC: 18 bytes for 65,535 samples. @param isTold whether the header says how many samples there are */
export function silentFlac({ seconds, rate, isTold }) {
  const frames = Math.floor((seconds * rate) / BLOCK);
  const header = Buffer.alloc(42);
  header.write("fLaC", 0, "latin1");
  // The last block of metadata, STREAMINFO: 34 bytes.
  header.set([0x80, 0, 0, 34], 4);
  header.writeUInt16BE(BLOCK, 8);
  header.writeUInt16BE(BLOCK, 10);
  // 20 bits of the rate, one channel, 16 bits a sample, 36 bits of the length.
  header.writeBigUInt64BE((BigInt(rate) << 44n) | (15n << 36n) | (isTold ? BigInt(frames * BLOCK) : 0n), 18);
  const parts = Array.from({ length: frames }, (_, number) => {
    // A fixed block size that 16 bits tell, rate and sample size as in the header, one channel.
    const head = [0xff, 0xf8, 0x70, 0x00, ...frameNumber(number), (BLOCK - 1) >> 8, (BLOCK - 1) & 255];
    // A constant subframe: its type, and its value.
    const frame = [...head, crc8(head), 0, 0, 0];
    const crc = crc16(frame);
    return Buffer.from([...frame, crc >> 8, crc & 255]);
  });
  return Buffer.concat([header, ...parts]);
}

function crc32(bytes) {
  let rest = ~0;
  for (const byte of bytes) {
    rest ^= byte;
    for (let i = 0; i < 8; i++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  }
  return ~rest >>> 0;
}

function pngChunk(type, data) {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, "latin1");
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

/** A black picture as PNG, whose pixels are followed by more bytes than they are. @param extra bytes that are too many */
export function blackPng({ width, height, extra }) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    pngChunk("IHDR", header),
    pngChunk("IDAT", deflateSync(Buffer.alloc(height * (1 + 3 * width) + extra))),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

/** The header of a picture of 50,000 × 50,000 pixels, with a few of its rows. */
export function pictureBomb() {
  const whole = blackPng({ width: 50_000, height: 20, extra: 0 });
  const taller = Buffer.from(whole);
  taller.writeUInt32BE(50_000, 20);
  taller.writeUInt32BE(crc32(taller.subarray(12, 29)), 29);
  return taller;
}

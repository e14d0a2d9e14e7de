/** @file Files of uncompressed formats, put together byte by byte from their specifications, also wrongly. */

/** A whole number of 16, 32 or 64 bits, a float of 64, or text. */
export type Field =
  | { readonly u16: number }
  | { readonly u32: number }
  | { readonly u64: number }
  | { readonly f64: number }
  | { readonly text: string }
  | Uint8Array;

export function packed(endian: "little" | "big", ...fields: readonly Field[]): Uint8Array {
  return joinBytes(...fields.map((field) => packField(endian === "little", field)));
}

function packField(little: boolean, field: Field): Uint8Array {
  if (field instanceof Uint8Array) return field;
  if ("text" in field) return new TextEncoder().encode(field.text);
  const bytes = new Uint8Array("u16" in field ? 2 : "u32" in field ? 4 : 8);
  const view = new DataView(bytes.buffer);
  if ("u16" in field) view.setUint16(0, field.u16, little);
  else if ("u32" in field) view.setUint32(0, field.u32, little);
  else if ("u64" in field) view.setBigUint64(0, BigInt.asUintN(64, BigInt(field.u64)), little);
  else view.setFloat64(0, field.f64, little);
  return bytes;
}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A chunk of RIFF or IFF, padded to an even length. */
export function chunk(
  endian: "little" | "big",
  name: string,
  contents: Uint8Array,
  size: number = contents.length,
): Uint8Array {
  return packed(endian, { text: name }, { u32: size }, contents, new Uint8Array(contents.length % 2));
}

export interface WavFields {
  readonly tag: number;
  readonly bits: number;
  readonly data: Uint8Array;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly frameBytes?: number;
  /** The size in the data chunk's header. Default: that of `data`. */
  readonly dataSize?: number;
  readonly riffSize?: number;
  readonly magic?: string;
  /** Follows the usual 16 bytes of the fmt chunk. */
  readonly extension?: Uint8Array;
  /** Stands before the data chunk. */
  readonly before?: Uint8Array;
}

export function wavFile(fields: WavFields): Uint8Array {
  const { tag, bits, data, channels = 1, sampleRate = 8000 } = fields;
  const { frameBytes = (channels * bits) / 8, extension = new Uint8Array(0) } = fields;
  const format = packed(
    "little",
    { u16: tag },
    { u16: channels },
    { u32: sampleRate },
    { u32: sampleRate * frameBytes },
    { u16: frameBytes },
    { u16: bits },
    extension,
  );
  const body = joinBytes(
    chunk("little", "fmt ", format),
    fields.before ?? new Uint8Array(0),
    chunk("little", "data", data, fields.dataSize),
  );
  const size = { u32: fields.riffSize ?? body.length + 4 };
  return packed("little", { text: fields.magic ?? "RIFF" }, size, { text: "WAVE" }, body);
}

/**
 * @param compression Undefined for AIFF; the four letters of an AIFF-C.
 * @param soundSize The size in the header of the chunk with the samples.
 */
export function aiffFile(
  bits: number,
  data: Uint8Array,
  frames: number,
  channels = 1,
  compression?: string,
  soundSize?: number,
): Uint8Array {
  // 8,000 as an extended float: 8000 = 1.953125 * 2^12, exponent 12 + 16383, mantissa 1.953125 * 2^63.
  const rate = Uint8Array.of(0x40, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0);
  const common = packed("big", { u16: channels }, { u32: frames }, { u16: bits }, rate, {
    text: compression ? `${compression}\0\0` : "",
  });
  const sound = packed("big", { u32: 0 }, { u32: 0 }, data);
  const body = joinBytes(chunk("big", "COMM", common), chunk("big", "SSND", sound, soundSize));
  return packed(
    "big",
    { text: "FORM" },
    { u32: body.length + 4 },
    { text: compression ? "AIFC" : "AIFF" },
    body,
  );
}

export function auFile(
  encoding: number,
  data: Uint8Array,
  channels = 1,
  size: number = data.length,
): Uint8Array {
  const header = [{ u32: 28 }, { u32: size }, { u32: encoding }, { u32: 8000 }, { u32: channels }];
  return packed("big", { text: ".snd" }, ...header, { text: "note" }, data);
}

/** Sony's Wave64 around what a wav file has. */
export function w64File(
  format: Uint8Array,
  data: Uint8Array,
  dataSize: number = data.length + 24,
): Uint8Array {
  const guid = [0xf3, 0xac, 0xd3, 0x11, 0x8c, 0xd1, 0, 0xc0, 0x4f, 0x8e, 0xdb, 0x8a];
  const long = (name: string, contents: Uint8Array, size = contents.length + 24): Uint8Array => {
    const padding = new Uint8Array((8 - (contents.length % 8)) % 8);
    return packed("little", { text: name }, Uint8Array.from(guid), { u64: size }, contents, padding);
  };
  const body = joinBytes(long("fmt ", format), long("junk", new Uint8Array(5)), long("data", data, dataSize));
  const riff = [0x2e, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 4, 0xc1, 0, 0];
  const head = packed("little", { text: "riff" }, Uint8Array.from(riff), { u64: body.length + 40 });
  return joinBytes(head, packed("little", { text: "wave" }, Uint8Array.from(guid)), body);
}

export interface CafFields {
  readonly format: string;
  readonly flags?: number;
  readonly packetBytes: number;
  readonly packetFrames?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly bits?: number;
  readonly data: Uint8Array;
  /** The size in the data chunk's header, -1 for unknown. Default: the true one. */
  readonly dataSize?: number;
  /** Stands before the data chunk. */
  readonly before?: Uint8Array;
}

export function cafFile(fields: CafFields): Uint8Array {
  const { format, flags = 0, packetBytes, packetFrames = 1, channels = 1, bits = 0, data } = fields;
  const { sampleRate = 8000 } = fields;
  const long = (name: string, contents: Uint8Array, size = contents.length): Uint8Array =>
    packed("big", { text: name }, { u64: size }, contents);
  const description = packed(
    "big",
    { f64: sampleRate },
    { text: format },
    { u32: flags },
    { u32: packetBytes },
    { u32: packetFrames },
    { u32: channels },
    { u32: bits },
  );
  return joinBytes(
    packed("big", { text: "caff" }, { u16: 1 }, { u16: 0 }),
    long("desc", description),
    fields.before ?? new Uint8Array(0),
    long("data", packed("big", { u32: 0 }, data), fields.dataSize),
  );
}

/** NIST's SPHERE; fields as in its header: "channel_count -i 1". */
export function sphereFile(fields: readonly string[], data: Uint8Array): Uint8Array {
  const header = ["NIST_1A", "   1024", ...fields, "end_head", ""].join("\n");
  return joinBytes(new TextEncoder().encode(header.padEnd(1024, " ")), data);
}

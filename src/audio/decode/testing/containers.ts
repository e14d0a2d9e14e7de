/** @file Files of uncompressed formats, put together byte by byte from their specifications, also wrongly. */

/** A 16- or 32-bit whole number, or text. */
export type Field =
  { readonly u16: number } | { readonly u32: number } | { readonly text: string } | Uint8Array;

export function packed(endian: "little" | "big", ...fields: readonly Field[]): Uint8Array {
  return joinBytes(...fields.map((field) => packField(endian === "little", field)));
}

function packField(little: boolean, field: Field): Uint8Array {
  if (field instanceof Uint8Array) return field;
  if ("text" in field) return new TextEncoder().encode(field.text);
  const bytes = new Uint8Array("u16" in field ? 2 : 4);
  const view = new DataView(bytes.buffer);
  if ("u16" in field) view.setUint16(0, field.u16, little);
  else view.setUint32(0, field.u32, little);
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
  /** What the data chunk's header says. */
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

/** @param compression Undefined for AIFF; the four letters of an AIFF-C. */
export function aiffFile(
  bits: number,
  data: Uint8Array,
  frames: number,
  channels = 1,
  compression?: string,
): Uint8Array {
  // 8,000 as an extended float: 8000 = 1.953125 * 2^12, exponent 12 + 16383, mantissa 1.953125 * 2^63.
  const rate = Uint8Array.of(0x40, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0);
  const common = packed("big", { u16: channels }, { u32: frames }, { u16: bits }, rate, {
    text: compression ? `${compression}\0\0` : "",
  });
  const sound = packed("big", { u32: 0 }, { u32: 0 }, data);
  const body = joinBytes(chunk("big", "COMM", common), chunk("big", "SSND", sound));
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

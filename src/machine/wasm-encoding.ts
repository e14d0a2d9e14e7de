/** @file The WebAssembly binary format, as far as kernels need it. Opcodes keep the specification's spelling. */

/** Growing list of bytes; numbers in LEB128 as the specification has them. */
export class ByteWriter {
  private bytes = new Uint8Array(1024);
  length = 0;

  byte(value: number): this {
    if (this.length === this.bytes.length) this.grow(1);
    this.bytes[this.length++] = value;
    return this;
  }

  unsigned(value: number): this {
    value = value >>> 0;
    while (value >= 0x80) {
      this.byte((value & 0x7f) | 0x80);
      value >>>= 7;
    }
    return this.byte(value);
  }

  signed(value: number): this {
    value = value | 0;
    for (;;) {
      const low = value & 0x7f;
      value >>= 7;
      if ((value === 0 && (low & 0x40) === 0) || (value === -1 && (low & 0x40) !== 0)) return this.byte(low);
      this.byte(low | 0x80);
    }
  }

  float32(value: number): this {
    const view = new DataView(new ArrayBuffer(4));
    view.setFloat32(0, value, true);
    for (let i = 0; i < 4; i++) this.byte(view.getUint8(i));
    return this;
  }

  float64(value: number): this {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value, true);
    for (let i = 0; i < 8; i++) this.byte(view.getUint8(i));
    return this;
  }

  int32(value: number): this {
    for (let i = 0; i < 4; i++) this.byte((value >> (8 * i)) & 0xff);
    return this;
  }

  append(other: ByteWriter): this {
    if (this.length + other.length > this.bytes.length) this.grow(other.length);
    this.bytes.set(other.bytes.subarray(0, other.length), this.length);
    this.length += other.length;
    return this;
  }

  name(text: string): this {
    this.unsigned(text.length);
    for (const character of text) this.byte(character.charCodeAt(0));
    return this;
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }

  private grow(needed: number): void {
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + needed));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

export const TYPE = { i32: 0x7f, v128: 0x7b, function: 0x60, empty: 0x40 } as const;

export const OPCODE = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  br_if: 0x0d,
  select: 0x1b,
  local_get: 0x20,
  local_set: 0x21,
  local_tee: 0x22,
  i32_load: 0x28,
  i32_const: 0x41,
  i32_eq: 0x46,
  i32_ne: 0x47,
  i32_lt_u: 0x49,
  i32_gt_u: 0x4b,
  i32_ge_u: 0x4f,
  i32_add: 0x6a,
  i32_sub: 0x6b,
  i32_mul: 0x6c,
  i32_div_u: 0x6e,
  i32_rem_u: 0x70,
  simd: 0xfd,
} as const;

/** Opcodes behind the SIMD prefix 0xfd (LEB128-encoded themselves). */
export const SIMD = {
  v128_load: 0,
  v128_load32_splat: 9,
  v128_load64_splat: 10,
  v128_store: 11,
  v128_const: 12,
  i8x16_shuffle: 13,
  i32x4_splat: 17,
  i32x4_eq: 55,
  f32x4_eq: 65,
  f32x4_ne: 66,
  f32x4_lt: 67,
  f32x4_le: 69,
  v128_not: 77,
  v128_and: 78,
  v128_or: 80,
  v128_xor: 81,
  v128_bitselect: 82,
  v128_load32_lane: 86,
  v128_store32_lane: 90,
  v128_store64_lane: 91,
  v128_load32_zero: 92,
  v128_load64_zero: 93,
  f32x4_demote_f64x2_zero: 94,
  f64x2_promote_low_f32x4: 95,
  f32x4_floor: 104,
  f32x4_nearest: 106,
  i32x4_shl: 171,
  i32x4_shr_s: 172,
  i32x4_shr_u: 173,
  i32x4_add: 174,
  i32x4_sub: 177,
  i32x4_mul: 181,
  f32x4_abs: 224,
  f32x4_neg: 225,
  f32x4_sqrt: 227,
  f32x4_add: 228,
  f32x4_sub: 229,
  f32x4_mul: 230,
  f32x4_div: 231,
  f32x4_pmin: 234,
  f32x4_pmax: 235,
  f64x2_add: 240,
  f64x2_sub: 241,
  f64x2_mul: 242,
  i32x4_trunc_sat_f32x4_s: 248,
  f32x4_convert_i32x4_s: 250,
  f32x4_relaxed_madd: 261,
} as const;

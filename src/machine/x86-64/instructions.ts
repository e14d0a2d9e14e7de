/**
 * @file The vector instructions that kernels use: what stands in their prefixes, and their opcodes
 * (Intel SDM vol. 2, chapters 3 to 5). One line gives both forms, VEX with 256 bits and EVEX with 512: where the two
 * have different names for one encoding (vpor and vpord), the name is that of EVEX.
 */

export interface VectorInstruction {
  /** Which table the opcode is of: 1 = 0F, 2 = 0F 38, 3 = 0F 3A. */
  readonly map: 1 | 2 | 3;
  /** The mandatory prefix: 0 = none, 1 = 66, 2 = F3, 3 = F2. */
  readonly prefix: 0 | 1 | 2 | 3;
  readonly opcode: number;
  /** In EVEX, where it tells float64 from float32; in VEX it is 0 for all of these. */
  readonly w: 0 | 1;
  /** The size of a memory operand, by which EVEX scales 8-bit displacements: a whole vector, half of one, or one number. */
  readonly memory: "vector" | "half" | "scalar";
}

function define(
  map: 1 | 2 | 3,
  prefix: 0 | 1 | 2 | 3,
  opcode: number,
  w: 0 | 1 = 0,
  memory: VectorInstruction["memory"] = "vector",
): VectorInstruction {
  return { map, prefix, opcode, w, memory };
}

export const VECTOR = {
  vmovups: define(1, 0, 0x10),
  /** Register to memory. */
  vmovupsStore: define(1, 0, 0x11),
  vbroadcastss: define(2, 1, 0x18, 0, "scalar"),
  /** One float64 for every 64 bits. */
  vbroadcastsd: define(2, 1, 0x19, 1, "scalar"),
  vaddps: define(1, 0, 0x58),
  vsubps: define(1, 0, 0x5c),
  vmulps: define(1, 0, 0x59),
  vdivps: define(1, 0, 0x5e),
  vminps: define(1, 0, 0x5d),
  vmaxps: define(1, 0, 0x5f),
  vsqrtps: define(1, 0, 0x51),
  vaddpd: define(1, 1, 0x58, 1),
  vsubpd: define(1, 1, 0x5c, 1),
  vmulpd: define(1, 1, 0x59, 1),
  /** Converts half a vector in memory or the lower half of a register to all of another. */
  vcvtps2pd: define(1, 0, 0x5a, 0, "half"),
  /** To the lower half of a register; the rest becomes zero. */
  vcvtpd2ps: define(1, 1, 0x5a, 1),
  /** d = d·b + a */
  vfmadd132ps: define(2, 1, 0x98),
  /** d = a·d + b */
  vfmadd213ps: define(2, 1, 0xa8),
  /** d = a·b + d */
  vfmadd231ps: define(2, 1, 0xb8),
  /** d = d + upper halves of a·b + lower halves of a·b, as bfloat16; EVEX alone. */
  vdpbf16ps: define(2, 2, 0x52),
  /** The last operand's floats as bfloat16 in the lower half of the vector, those of the second in the upper; EVEX alone. */
  vcvtne2ps2bf16: define(2, 3, 0x72),
  /** With an immediate: 8 = to nearest, ties to even; 9 = down. EVEX: vrndscaleps. */
  vroundps: define(3, 1, 0x08),
  /** Truncates; 0x80000000 for what no int32 holds. */
  vcvttps2dq: define(1, 2, 0x5b),
  vcvtdq2ps: define(1, 0, 0x5b),
  /** With an immediate. To a vector in VEX, to a mask register in EVEX. */
  vcmpps: define(1, 0, 0xc2),
  vpandd: define(1, 1, 0xdb),
  vpord: define(1, 1, 0xeb),
  vpxord: define(1, 1, 0xef),
  vpaddd: define(1, 1, 0xfe),
  vpsubd: define(1, 1, 0xfa),
  vpmulld: define(2, 1, 0x40),
  /** Shifts by an immediate: /2, /4 and /6 in the register field. */
  vpshiftd: define(1, 1, 0x72),
  /** With an immediate of four 2-bit lane numbers, within each 128 bits. */
  vpermilps: define(3, 1, 0x04),
  /** The lower or upper words of two vectors in turn, within each 128 bits. */
  vunpcklps: define(1, 0, 0x14),
  vunpckhps: define(1, 0, 0x15),
  /** With an immediate of four 2-bit lane numbers: two lanes of the second, then two of the third, within each 128 bits. */
  vshufps: define(1, 0, 0xc6),
  /** Halves of 256 bits; VEX alone. */
  vperm2f128: define(3, 1, 0x06),
  /** With an immediate of 0: the lower half of a register to memory; VEX alone. */
  vextractf128: define(3, 1, 0x19),
  /** Quarters of 512 bits, two of the second and two of the third; EVEX alone. */
  vshuff32x4: define(3, 1, 0x23),
  /** Lanes of the last operand, by the lane numbers in the second; VEX alone. */
  vpermps: define(2, 1, 0x16),
  /** Lanes of the second (0 … 15) and the last operand (16 … 31), by the numbers in the first, which it replaces; EVEX alone. */
  vpermi2ps: define(2, 1, 0x77),
  /** Where the immediate has a one: the third, else the second; VEX alone. */
  vblendps: define(3, 1, 0x0c),
  /** Where the fourth register's lane has its sign bit: the third, else the second; VEX alone. */
  vblendvps: define(3, 1, 0x4a),
  /** Where the mask register has a one: the third, else the second; EVEX alone. */
  vblendmps: define(2, 1, 0x65),
  /** Any function of three bits, given as its table; EVEX alone. */
  vpternlogd: define(3, 1, 0x25),
  /** A mask register's bits as lanes of all ones or all zeros; EVEX alone. */
  vpmovm2d: define(2, 2, 0x38),
  /** Lanes whose mask lane has its sign bit; VEX alone. */
  vmaskmovpsLoad: define(2, 1, 0x2c),
  vmaskmovpsStore: define(2, 1, 0x2e),
} as const;

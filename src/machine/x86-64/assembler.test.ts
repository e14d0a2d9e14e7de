/**
 * @file The bytes of each instruction, as GNU as 2.40 writes them (Intel syntax; {load} chooses between equal
 * encodings). Registers above 7, 15 and 23, displacements of all sizes and the special cases of rsp, rbp, r12 and r13 as
 * base are each met at least once.
 */
import { describe, expect, it } from "vitest";
import { Assembler, type VectorOptions, type VectorWidth } from "./assembler.ts";
import { VECTOR } from "./instructions.ts";
import { GENERAL, memory, type Operand } from "./registers.ts";

const { rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15 } = GENERAL;

type Case = readonly [text: string, write: (a: Assembler) => unknown, bytes: string];

/** A vector instruction whose last operand is a register or memory. */
function v(
  name: keyof typeof VECTOR,
  width: VectorWidth,
  d: number,
  a: number,
  b: number | Operand,
  options?: VectorOptions,
): (assembler: Assembler) => void {
  return (assembler) => assembler.vector(VECTOR[name], width, d, a, b, options);
}

// prettier-ignore
const GENERAL_CASES: readonly Case[] = [
  ["{load} mov eax, ecx", (a) => a.move(rax, rcx), "8b c1"],
  ["{load} mov r9d, r14d", (a) => a.move(r9, r14), "45 8b ce"],
  ["mov edx, [rax+8]", (a) => a.move(rdx, memory(rax, 8)), "8b 50 08"],
  ["mov eax, [r15+rcx*1]", (a) => a.move(rax, memory(r15, 0, rcx)), "41 8b 04 0f"],
  ["mov r8d, [r15+r12*1-4]", (a) => a.move(r8, memory(r15, -4, r12)), "47 8b 44 27 fc"],
  ["mov eax, [rsp]", (a) => a.move(rax, memory(rsp)), "8b 04 24"],
  ["mov eax, [r12+128]", (a) => a.move(rax, memory(r12, 128)), "41 8b 84 24 80 00 00 00"],
  ["mov eax, [rbp+0]", (a) => a.move(rax, memory(rbp)), "8b 45 00"],
  ["mov eax, [r13+rbp*1+0]", (a) => a.move(rax, memory(r13, 0, rbp)), "41 8b 44 2d 00"],
  ["mov eax, [rbx-128]", (a) => a.move(rax, memory(rbx, -128)), "8b 43 80"],
  ["mov eax, [rbx-129]", (a) => a.move(rax, memory(rbx, -129)), "8b 83 7f ff ff ff"],
  ["{load} mov r15, rdi", (a) => a.move64(r15, rdi), "4c 8b ff"],
  ["mov rsp, [rsp+1000]", (a) => a.move64(rsp, memory(rsp, 1000)), "48 8b a4 24 e8 03 00 00"],
  ["mov ecx, 305419896", (a) => a.moveImmediate(rcx, 305419896), "b9 78 56 34 12"],
  ["mov r10d, 4294967295", (a) => a.moveImmediate(r10, -1), "41 ba ff ff ff ff"],
  ["mov [rsp+4], eax", (a) => a.store(memory(rsp, 4), rax), "89 44 24 04"],
  ["mov [r13+0], r11d", (a) => a.store(memory(r13), r11), "45 89 5d 00"],
  ["mov [rsi+16], r8", (a) => a.store64(memory(rsi, 16), r8), "4c 89 46 10"],
  ["{load} add eax, esi", (a) => a.arithmetic("add", rax, rsi), "03 c6"],
  ["{load} sub r13d, edi", (a) => a.arithmetic("sub", r13, rdi), "44 2b ef"],
  ["{load} xor edx, edx", (a) => a.arithmetic("xor", rdx, rdx), "33 d2"],
  ["{load} and ebx, r9d", (a) => a.arithmetic("and", rbx, r9), "41 23 d9"],
  ["{load} or ebx, r9d", (a) => a.arithmetic("or", rbx, r9), "41 0b d9"],
  ["cmp ecx, [rsp+64]", (a) => a.arithmetic("cmp", rcx, memory(rsp, 64)), "3b 4c 24 40"],
  ["add ecx, 64", (a) => a.arithmeticImmediate("add", rcx, 64), "83 c1 40"],
  ["sub r8d, -128", (a) => a.arithmeticImmediate("sub", r8, -128), "41 83 e8 80"],
  ["add edi, 128", (a) => a.arithmeticImmediate("add", rdi, 128), "81 c7 80 00 00 00"],
  ["and r14d, 1048575", (a) => a.arithmeticImmediate("and", r14, 1048575), "41 81 e6 ff ff 0f 00"],
  ["cmp dword ptr [rsp+8], 1000", (a) => a.arithmeticImmediate("cmp", memory(rsp, 8), 1000), "81 7c 24 08 e8 03 00 00"],
  ["add rsp, -4096", (a) => a.addImmediate64(rsp, -4096), "48 81 c4 00 f0 ff ff"],
  ["lea eax, [rcx+rsi*1]", (a) => a.sum(rax, rcx, rsi), "8d 04 31"],
  ["lea r8d, [r13+r9*1+0]", (a) => a.sum(r8, r13, r9), "47 8d 44 0d 00"],
  ["lea rsp, [rbp-40]", (a) => a.loadAddress(rsp, memory(rbp, -40)), "48 8d 65 d8"],
  ["and rsp, -64", (a) => a.alignStackPointer(), "48 83 e4 c0"],
  ["imul eax, r10d", (a) => a.multiply(rax, r10), "41 0f af c2"],
  ["imul eax, [rsp+12]", (a) => a.multiply(rax, memory(rsp, 12)), "0f af 44 24 0c"],
  ["imul eax, ecx, 12345", (a) => a.multiplyImmediate(rax, rcx, 12345), "69 c1 39 30 00 00"],
  ["div r11d", (a) => a.divide(r11), "41 f7 f3"],
  ["div dword ptr [rsp+4]", (a) => a.divide(memory(rsp, 4)), "f7 74 24 04"],
  ["shl eax, 5", (a) => a.shiftLeft(rax, 5), "c1 e0 05"],
  ["shr r9d, 31", (a) => a.shiftRight(r9, 31), "41 c1 e9 1f"],
  ["cmova eax, r8d", (a) => a.conditionalMove("above", rax, r8), "41 0f 47 c0"],
  ["cmovb eax, [rsp]", (a) => a.conditionalMove("below", rax, memory(rsp)), "0f 42 04 24"],
  ["push rbx", (a) => a.push(rbx), "53"],
  ["push r12", (a) => a.push(r12), "41 54"],
  ["pop rbp", (a) => a.pop(rbp), "5d"],
  ["pop r15", (a) => a.pop(r15), "41 5f"],
  ["jmp rax", (a) => a.jumpTo(rax), "ff e0"],
  ["jmp r11", (a) => a.jumpTo(r11), "41 ff e3"],
  ["cpuid", (a) => a.cpuid(), "0f a2"],
  ["xgetbv", (a) => a.xgetbv(), "0f 01 d0"],
  ["vzeroupper", (a) => a.vzeroupper(), "c5 f8 77"],
  ["ret", (a) => a.return(), "c3"],
  ["kmovw k1, edx", (a) => a.kmovw(1, rdx), "c5 f8 92 ca"],
  ["kmovw k7, r9d", (a) => a.kmovw(7, r9), "c4 c1 78 92 f9"],
];

// prettier-ignore
const AVX2_CASES: readonly Case[] = [
  ["vmovups ymm1, [rax]", v("vmovups", 256, 1, 0, memory(rax)), "c5 fc 10 08"],
  ["vmovups ymm9, [r15+rcx*1+4096]", v("vmovups", 256, 9, 0, memory(r15, 4096, rcx)), "c4 41 7c 10 8c 0f 00 10 00 00"],
  ["{load} vmovups ymm3, ymm12", v("vmovups", 256, 3, 0, 12), "c4 c1 7c 10 dc"],
  ["vmovups [rsp+32], ymm15", v("vmovupsStore", 256, 15, 0, memory(rsp, 32)), "c5 7c 11 7c 24 20"],
  ["vbroadcastss ymm4, dword ptr [r15+r10*1-4]", v("vbroadcastss", 256, 4, 0, memory(r15, -4, r10)), "c4 82 7d 18 64 17 fc"],
  ["vaddps ymm0, ymm1, ymm2", v("vaddps", 256, 0, 1, 2), "c5 f4 58 c2"],
  ["vaddps ymm8, ymm9, ymm10", v("vaddps", 256, 8, 9, 10), "c4 41 34 58 c2"],
  ["vsubps ymm1, ymm15, [rsp]", v("vsubps", 256, 1, 15, memory(rsp)), "c5 84 5c 0c 24"],
  ["vmulps ymm1, ymm2, ymm3", v("vmulps", 256, 1, 2, 3), "c5 ec 59 cb"],
  ["vdivps ymm1, ymm2, ymm3", v("vdivps", 256, 1, 2, 3), "c5 ec 5e cb"],
  ["vminps ymm1, ymm2, ymm3", v("vminps", 256, 1, 2, 3), "c5 ec 5d cb"],
  ["vmaxps ymm1, ymm2, ymm3", v("vmaxps", 256, 1, 2, 3), "c5 ec 5f cb"],
  ["vsqrtps ymm1, ymm13", v("vsqrtps", 256, 1, 0, 13), "c4 c1 7c 51 cd"],
  ["vfmadd132ps ymm1, ymm2, ymm3", v("vfmadd132ps", 256, 1, 2, 3), "c4 e2 6d 98 cb"],
  ["vfmadd213ps ymm1, ymm2, ymm3", v("vfmadd213ps", 256, 1, 2, 3), "c4 e2 6d a8 cb"],
  ["vfmadd231ps ymm11, ymm12, ymm13", v("vfmadd231ps", 256, 11, 12, 13), "c4 42 1d b8 dd"],
  ["vfmadd231ps ymm1, ymm2, [r15+rax*1+64]", v("vfmadd231ps", 256, 1, 2, memory(r15, 64, rax)), "c4 c2 6d b8 4c 07 40"],
  ["vbroadcastsd ymm4, qword ptr [r15+r10*1-8]", v("vbroadcastsd", 256, 4, 0, memory(r15, -8, r10)), "c4 82 7d 19 64 17 f8"],
  ["vaddpd ymm1, ymm2, ymm3", v("vaddpd", 256, 1, 2, 3), "c5 ed 58 cb"],
  ["vsubpd ymm9, ymm15, [rsp]", v("vsubpd", 256, 9, 15, memory(rsp)), "c5 05 5c 0c 24"],
  ["vmulpd ymm1, ymm2, ymm11", v("vmulpd", 256, 1, 2, 11), "c4 c1 6d 59 cb"],
  ["vcvtps2pd ymm9, xmm2", v("vcvtps2pd", 256, 9, 0, 2), "c5 7c 5a ca"],
  ["vcvtps2pd ymm9, xmmword ptr [r15+rcx*1+16]", v("vcvtps2pd", 256, 9, 0, memory(r15, 16, rcx)), "c4 41 7c 5a 4c 0f 10"],
  ["vcvtpd2ps xmm1, ymm12", v("vcvtpd2ps", 256, 1, 0, 12), "c4 c1 7d 5a cc"],
  ["vroundps ymm1, ymm2, 9", v("vroundps", 256, 1, 0, 2, { immediate: 9 }), "c4 e3 7d 08 ca 09"],
  ["vcvttps2dq ymm1, ymm2", v("vcvttps2dq", 256, 1, 0, 2), "c5 fe 5b ca"],
  ["vcvtdq2ps ymm1, ymm2", v("vcvtdq2ps", 256, 1, 0, 2), "c5 fc 5b ca"],
  ["vcmpps ymm1, ymm2, ymm3, 0x11", v("vcmpps", 256, 1, 2, 3, { immediate: 0x11 }), "c5 ec c2 cb 11"],
  ["vpand ymm1, ymm2, ymm3", v("vpandd", 256, 1, 2, 3), "c5 ed db cb"],
  ["vpor ymm1, ymm2, ymm3", v("vpord", 256, 1, 2, 3), "c5 ed eb cb"],
  ["vpxor ymm1, ymm2, ymm3", v("vpxord", 256, 1, 2, 3), "c5 ed ef cb"],
  ["vpaddd ymm1, ymm2, ymm3", v("vpaddd", 256, 1, 2, 3), "c5 ed fe cb"],
  ["vpsubd ymm1, ymm2, ymm3", v("vpsubd", 256, 1, 2, 3), "c5 ed fa cb"],
  ["vpmulld ymm1, ymm2, ymm3", v("vpmulld", 256, 1, 2, 3), "c4 e2 6d 40 cb"],
  ["vpsrld ymm1, ymm9, 3", v("vpshiftd", 256, 2, 1, 9, { immediate: 3 }), "c4 c1 75 72 d1 03"],
  ["vpsrad ymm14, ymm2, 31", v("vpshiftd", 256, 4, 14, 2, { immediate: 31 }), "c5 8d 72 e2 1f"],
  ["vpslld ymm1, ymm2, 7", v("vpshiftd", 256, 6, 1, 2, { immediate: 7 }), "c5 f5 72 f2 07"],
  ["vpermilps ymm1, ymm2, 0x4e", v("vpermilps", 256, 1, 0, 2, { immediate: 0x4e }), "c4 e3 7d 04 ca 4e"],
  ["vunpcklps ymm1, ymm2, ymm3", v("vunpcklps", 256, 1, 2, 3), "c5 ec 14 cb"],
  ["vunpckhps ymm1, ymm2, ymm3", v("vunpckhps", 256, 1, 2, 3), "c5 ec 15 cb"],
  ["vshufps ymm1, ymm2, ymm3, 0xee", v("vshufps", 256, 1, 2, 3, { immediate: 0xee }), "c5 ec c6 cb ee"],
  ["vperm2f128 ymm1, ymm2, ymm3, 1", v("vperm2f128", 256, 1, 2, 3, { immediate: 1 }), "c4 e3 6d 06 cb 01"],
  ["vextractf128 xmmword ptr [r15+rcx*1+16], ymm9, 0", v("vextractf128", 256, 9, 0, memory(r15, 16, rcx), { immediate: 0 }), "c4 43 7d 19 4c 0f 10 00"],
  ["vpermps ymm1, ymm2, ymm3", v("vpermps", 256, 1, 2, 3), "c4 e2 6d 16 cb"],
  ["vblendps ymm1, ymm2, ymm3, 0xaa", v("vblendps", 256, 1, 2, 3, { immediate: 0xaa }), "c4 e3 6d 0c cb aa"],
  ["vblendps ymm9, ymm12, ymm13, 0x0f", v("vblendps", 256, 9, 12, 13, { immediate: 0x0f }), "c4 43 1d 0c cd 0f"],
  ["vblendvps ymm1, ymm2, ymm3, ymm12", v("vblendvps", 256, 1, 2, 3, { immediate: 12 << 4 }), "c4 e3 6d 4a cb c0"],
  ["vmaskmovps ymm1, ymm2, [rax+4]", v("vmaskmovpsLoad", 256, 1, 2, memory(rax, 4)), "c4 e2 6d 2c 48 04"],
  ["vmaskmovps [r15+r9*1], ymm2, ymm10", v("vmaskmovpsStore", 256, 10, 2, memory(r15, 0, r9)), "c4 02 6d 2e 14 0f"],
];

// prettier-ignore
const AVX512_CASES: readonly Case[] = [
  ["vmovups zmm1, [rax]", v("vmovups", 512, 1, 0, memory(rax)), "62 f1 7c 48 10 08"],
  ["vmovups zmm17, [r15+rcx*1+8128]", v("vmovups", 512, 17, 0, memory(r15, 8128, rcx)), "62 c1 7c 48 10 4c 0f 7f"],
  ["vmovups zmm17, [r15+rcx*1+8192]", v("vmovups", 512, 17, 0, memory(r15, 8192, rcx)), "62 c1 7c 48 10 8c 0f 00 20 00 00"],
  ["vmovups zmm25, [r15+r9*1-8192]", v("vmovups", 512, 25, 0, memory(r15, -8192, r9)), "62 01 7c 48 10 4c 0f 80"],
  ["vmovups zmm25, [r12+4]", v("vmovups", 512, 25, 0, memory(r12, 4)), "62 41 7c 48 10 8c 24 04 00 00 00"],
  ["{load} vmovups zmm3, zmm28", v("vmovups", 512, 3, 0, 28), "62 91 7c 48 10 dc"],
  ["vmovups zmm3{k1}{z}, [rbx]", v("vmovups", 512, 3, 0, memory(rbx), { mask: 1, zeroing: true }), "62 f1 7c c9 10 1b"],
  ["{load} vmovups zmm3{k1}{z}, zmm30", v("vmovups", 512, 3, 0, 30, { mask: 1, zeroing: true }), "62 91 7c c9 10 de"],
  ["vmovups [rsp+64], zmm31", v("vmovupsStore", 512, 31, 0, memory(rsp, 64)), "62 61 7c 48 11 7c 24 01"],
  ["vmovups [rbp+64]{k1}, zmm20", v("vmovupsStore", 512, 20, 0, memory(rbp, 64), { mask: 1 }), "62 e1 7c 49 11 65 01"],
  ["vbroadcastss zmm24, dword ptr [r15+r10*1+508]", v("vbroadcastss", 512, 24, 0, memory(r15, 508, r10)), "62 02 7d 48 18 44 17 7f"],
  ["vbroadcastss zmm24, dword ptr [r15+r10*1+512]", v("vbroadcastss", 512, 24, 0, memory(r15, 512, r10)), "62 02 7d 48 18 84 17 00 02 00 00"],
  ["vbroadcastss zmm4{k1}, dword ptr [rdx]", v("vbroadcastss", 512, 4, 0, memory(rdx), { mask: 1 }), "62 f2 7d 49 18 22"],
  ["vaddps zmm0, zmm1, zmm2", v("vaddps", 512, 0, 1, 2), "62 f1 74 48 58 c2"],
  ["vaddps zmm8, zmm17, zmm26", v("vaddps", 512, 8, 17, 26), "62 11 74 40 58 c2"],
  ["vaddps zmm31, zmm15, zmm16", v("vaddps", 512, 31, 15, 16), "62 21 04 48 58 f8"],
  ["vaddps zmm1, zmm2, dword ptr [rax+4]{1to16}", v("vaddps", 512, 1, 2, memory(rax, 4), { broadcast: true }), "62 f1 6c 58 58 48 01"],
  ["vsubps zmm1, zmm2, zmm3", v("vsubps", 512, 1, 2, 3), "62 f1 6c 48 5c cb"],
  ["vmulps zmm1, zmm2, zmm3", v("vmulps", 512, 1, 2, 3), "62 f1 6c 48 59 cb"],
  ["vdivps zmm1, zmm2, zmm3", v("vdivps", 512, 1, 2, 3), "62 f1 6c 48 5e cb"],
  ["vminps zmm1, zmm2, zmm3", v("vminps", 512, 1, 2, 3), "62 f1 6c 48 5d cb"],
  ["vmaxps zmm1, zmm2, zmm3", v("vmaxps", 512, 1, 2, 3), "62 f1 6c 48 5f cb"],
  ["vsqrtps zmm1, zmm29", v("vsqrtps", 512, 1, 0, 29), "62 91 7c 48 51 cd"],
  ["vfmadd132ps zmm1, zmm2, zmm3", v("vfmadd132ps", 512, 1, 2, 3), "62 f2 6d 48 98 cb"],
  ["vfmadd213ps zmm1, zmm2, zmm3", v("vfmadd213ps", 512, 1, 2, 3), "62 f2 6d 48 a8 cb"],
  ["vfmadd231ps zmm19, zmm20, zmm21", v("vfmadd231ps", 512, 19, 20, 21), "62 a2 5d 40 b8 dd"],
  ["vfmadd231ps zmm1, zmm2, [r15+rax*1+64]", v("vfmadd231ps", 512, 1, 2, memory(r15, 64, rax)), "62 d2 6d 48 b8 4c 07 01"],
  ["vfmadd231ps zmm5, zmm30, dword ptr [r15+r13*1-512]{1to16}", v("vfmadd231ps", 512, 5, 30, memory(r15, -512, r13), { broadcast: true }), "62 92 0d 50 b8 6c 2f 80"],
  ["vdpbf16ps zmm1, zmm2, zmm3", v("vdpbf16ps", 512, 1, 2, 3), "62 f2 6e 48 52 cb"],
  ["vdpbf16ps zmm19, zmm20, zmm29", v("vdpbf16ps", 512, 19, 20, 29), "62 82 5e 40 52 dd"],
  ["vdpbf16ps zmm5, zmm30, [r15+rax*1+64]", v("vdpbf16ps", 512, 5, 30, memory(r15, 64, rax)), "62 d2 0e 40 52 6c 07 01"],
  ["vdpbf16ps zmm5, zmm30, dword ptr [r15+r13*1-512]{1to16}", v("vdpbf16ps", 512, 5, 30, memory(r15, -512, r13), { broadcast: true }), "62 92 0e 50 52 6c 2f 80"],
  ["vcvtne2ps2bf16 zmm1, zmm2, zmm3", v("vcvtne2ps2bf16", 512, 1, 2, 3), "62 f2 6f 48 72 cb"],
  ["vcvtne2ps2bf16 zmm25, zmm18, [rsp+64]", v("vcvtne2ps2bf16", 512, 25, 18, memory(rsp, 64)), "62 62 6f 40 72 4c 24 01"],
  ["vbroadcastsd zmm24, qword ptr [r15+r10*1+1016]", v("vbroadcastsd", 512, 24, 0, memory(r15, 1016, r10)), "62 02 fd 48 19 44 17 7f"],
  ["vbroadcastsd zmm24, qword ptr [r15+r10*1+1024]", v("vbroadcastsd", 512, 24, 0, memory(r15, 1024, r10)), "62 02 fd 48 19 84 17 00 04 00 00"],
  ["vaddpd zmm8, zmm17, zmm26", v("vaddpd", 512, 8, 17, 26), "62 11 f5 40 58 c2"],
  ["vaddpd zmm1, zmm2, qword ptr [rax+8]{1to8}", v("vaddpd", 512, 1, 2, memory(rax, 8), { broadcast: true }), "62 f1 ed 58 58 48 01"],
  ["vsubpd zmm1, zmm2, [rsp+64]", v("vsubpd", 512, 1, 2, memory(rsp, 64)), "62 f1 ed 48 5c 4c 24 01"],
  ["vmulpd zmm31, zmm15, zmm16", v("vmulpd", 512, 31, 15, 16), "62 21 85 48 59 f8"],
  ["vcvtps2pd zmm17, ymm28", v("vcvtps2pd", 512, 17, 0, 28), "62 81 7c 48 5a cc"],
  ["vcvtps2pd zmm17, ymmword ptr [rax+32]", v("vcvtps2pd", 512, 17, 0, memory(rax, 32)), "62 e1 7c 48 5a 48 01"],
  ["vcvtpd2ps ymm25, zmm3", v("vcvtpd2ps", 512, 25, 0, 3), "62 61 fd 48 5a cb"],
  ["vrndscaleps zmm1, zmm2, 8", v("vroundps", 512, 1, 0, 2, { immediate: 8 }), "62 f3 7d 48 08 ca 08"],
  ["vcvttps2dq zmm1, zmm2", v("vcvttps2dq", 512, 1, 0, 2), "62 f1 7e 48 5b ca"],
  ["vcvtdq2ps zmm1, zmm2", v("vcvtdq2ps", 512, 1, 0, 2), "62 f1 7c 48 5b ca"],
  ["vcmpps k1, zmm18, zmm3, 0x12", v("vcmpps", 512, 1, 18, 3, { immediate: 0x12 }), "62 f1 6c 40 c2 cb 12"],
  ["vcmpps k1, zmm2, [rsp+64], 0x12", v("vcmpps", 512, 1, 2, memory(rsp, 64), { immediate: 0x12 }), "62 f1 6c 48 c2 4c 24 01 12"],
  ["vpandd zmm1, zmm2, zmm3", v("vpandd", 512, 1, 2, 3), "62 f1 6d 48 db cb"],
  ["vpord zmm1, zmm2, zmm3", v("vpord", 512, 1, 2, 3), "62 f1 6d 48 eb cb"],
  ["vpxord zmm1, zmm2, zmm3", v("vpxord", 512, 1, 2, 3), "62 f1 6d 48 ef cb"],
  ["vpaddd zmm1, zmm2, zmm3", v("vpaddd", 512, 1, 2, 3), "62 f1 6d 48 fe cb"],
  ["vpsubd zmm1, zmm2, zmm3", v("vpsubd", 512, 1, 2, 3), "62 f1 6d 48 fa cb"],
  ["vpmulld zmm1, zmm2, zmm3", v("vpmulld", 512, 1, 2, 3), "62 f2 6d 48 40 cb"],
  ["vpsrld zmm1, zmm29, 3", v("vpshiftd", 512, 2, 1, 29, { immediate: 3 }), "62 91 75 48 72 d5 03"],
  ["vpsrad zmm31, zmm2, 31", v("vpshiftd", 512, 4, 31, 2, { immediate: 31 }), "62 f1 05 40 72 e2 1f"],
  ["vpslld zmm1, zmm2, 7", v("vpshiftd", 512, 6, 1, 2, { immediate: 7 }), "62 f1 75 48 72 f2 07"],
  ["vpermilps zmm1, zmm2, 0xb1", v("vpermilps", 512, 1, 0, 2, { immediate: 0xb1 }), "62 f3 7d 48 04 ca b1"],
  ["vunpcklps zmm1, zmm2, zmm3", v("vunpcklps", 512, 1, 2, 3), "62 f1 6c 48 14 cb"],
  ["vunpckhps zmm1, zmm2, zmm3", v("vunpckhps", 512, 1, 2, 3), "62 f1 6c 48 15 cb"],
  ["vshufps zmm1, zmm2, zmm3, 0x44", v("vshufps", 512, 1, 2, 3, { immediate: 0x44 }), "62 f1 6c 48 c6 cb 44"],
  ["vshuff32x4 zmm1, zmm2, zmm3, 0x88", v("vshuff32x4", 512, 1, 2, 3, { immediate: 0x88 }), "62 f3 6d 48 23 cb 88"],
  ["vpermi2ps zmm1, zmm2, zmm3", v("vpermi2ps", 512, 1, 2, 3), "62 f2 6d 48 77 cb"],
  ["vpermi2ps zmm25, zmm18, zmm11", v("vpermi2ps", 512, 25, 18, 11), "62 42 6d 40 77 cb"],
  ["vblendmps zmm1{k1}, zmm2, zmm3", v("vblendmps", 512, 1, 2, 3, { mask: 1 }), "62 f2 6d 49 65 cb"],
  ["vpternlogd zmm1, zmm2, zmm3, 0xca", v("vpternlogd", 512, 1, 2, 3, { immediate: 0xca }), "62 f3 6d 48 25 cb ca"],
  ["vpmovm2d zmm30, k1", v("vpmovm2d", 512, 30, 0, 1), "62 62 7e 48 38 f1"],
];

const NO_CONSTANTS = new Uint8Array();

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** Returns the bytes written, without the gap before the constants. */
function written(write: (assembler: Assembler) => unknown): string {
  const assembler = new Assembler();
  write(assembler);
  return hex(assembler.finish(NO_CONSTANTS).subarray(0, assembler.position));
}

describe("Assembler", () => {
  it.each([...GENERAL_CASES, ...AVX2_CASES, ...AVX512_CASES])("writes %s", (_, write, bytes) => {
    expect(written(write)).toBe(bytes);
  });

  it("has a test for every vector instruction and width that exists", () => {
    const source = [...AVX2_CASES, ...AVX512_CASES].map(([, write]) => {
      const used: string[] = [];
      const recorder = new Assembler();
      recorder.vector = (instruction, width) => {
        const name = Object.entries(VECTOR).find(([, known]) => known === instruction)?.[0];
        used.push(`${name} ${width}`);
      };
      write(recorder);
      return used[0];
    });
    const ONE_WIDTH: Partial<Record<keyof typeof VECTOR, VectorWidth>> = {
      vextractf128: 256,
      vperm2f128: 256,
      vpermps: 256,
      vblendps: 256,
      vblendvps: 256,
      vmaskmovpsLoad: 256,
      vmaskmovpsStore: 256,
      vshuff32x4: 512,
      vpermi2ps: 512,
      vblendmps: 512,
      vpternlogd: 512,
      vpmovm2d: 512,
      vdpbf16ps: 512,
      vcvtne2ps2bf16: 512,
    };
    const wanted = (Object.keys(VECTOR) as (keyof typeof VECTOR)[]).flatMap((name) =>
      (ONE_WIDTH[name] ? [ONE_WIDTH[name]] : [256, 512]).map((width) => `${name} ${width}`),
    );
    expect(new Set(source)).toEqual(new Set(wanted));
  });

  it("jumps backwards and forwards, with 32-bit distances from the jump's end", () => {
    const bytes = written((a) => {
      const [start, end] = [a.label(), a.label()];
      a.place(start);
      a.jumpIf("below", end); // 6 bytes, to the end: +11
      a.jumpIf("notEqual", start); // 6 bytes: -12
      a.jump(start); // 5 bytes: -17
      a.place(end);
    });
    expect(bytes).toBe("0f 82 0b 00 00 00 0f 85 f4 ff ff ff e9 ef ff ff ff");
  });

  it("knows each condition's number", () => {
    const opcode = (condition: Parameters<Assembler["jumpIf"]>[0]) =>
      written((a) => {
        const label = a.label();
        a.place(label);
        a.jumpIf(condition, label);
      }).slice(3, 5);
    // jb, jae, je, jne, ja of the manual's table.
    expect((["below", "aboveOrEqual", "equal", "notEqual", "above"] as const).map(opcode)).toEqual([
      "82",
      "83",
      "84",
      "85",
      "87",
    ]);
  });

  it("puts constants behind the code, at a multiple of 64, and reads them relative to the instruction's end", () => {
    const a = new Assembler();
    // 8 bytes: c5 fc 10 05 and the distance to 64 + 32; then 9 bytes, with an immediate, to 64.
    a.vector(VECTOR.vmovups, 256, 0, 0, { kind: "constant", offset: 32 });
    a.vector(VECTOR.vcmpps, 256, 1, 2, { kind: "constant", offset: 0 }, { immediate: 0x11 });
    const code = a.finish(Uint8Array.from({ length: 64 }, (_, i) => i));
    expect(code.length).toBe(128);
    expect(hex(code.subarray(0, 8))).toBe("c5 fc 10 05 58 00 00 00"); // 96 - 8 = 0x58
    expect(hex(code.subarray(8, 17))).toBe("c5 ec c2 0d 2f 00 00 00 11"); // 64 - 17 = 0x2f
    expect([...code.subarray(17, 64)].every((byte) => byte === 0xcc)).toBe(true);
    expect(code[64 + 5]).toBe(5);
  });

  it("refuses a jump to a label that was never placed", () => {
    const a = new Assembler();
    a.jump(a.label());
    expect(() => a.finish(NO_CONSTANTS)).toThrow(/label was not placed/);
  });
});

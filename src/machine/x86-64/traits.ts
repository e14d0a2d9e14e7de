import type { MachineTraits } from "../ir.ts";

export const AVX2_TRAITS: MachineTraits = { lanes: 8, vectorRegisters: 16, fusedMultiplyAdd: true };
export const AVX512_TRAITS: MachineTraits = {
  lanes: 16,
  vectorRegisters: 32,
  fusedMultiplyAdd: true,
  narrower: AVX2_TRAITS,
};

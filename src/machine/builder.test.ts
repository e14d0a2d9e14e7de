import { describe, expect, it } from "vitest";
import { KernelBuilder } from "./builder.ts";

describe("sideBySide", () => {
  it("writes a statement of each computation in turn, and gives what each gave", () => {
    const k = new KernelBuilder({ lanes: 4, vectorRegisters: 15, fusedMultiplyAdd: false }, 1);
    const [address] = k.parameters;
    const stores = (offset: number, count: number) => () => {
      for (let i = 0; i < count; i++) k.store(address, offset + 16 * i, k.constant(1));
      return offset;
    };
    expect(k.sideBySide([stores(0, 1), stores(100, 3), stores(200, 2)])).toEqual([0, 100, 200]);
    const offsets = k.finish().statements.map((statement) => statement.kind === "store" && statement.offset);
    expect(offsets).toEqual([0, 100, 200, 116, 216, 132]);
  });
});

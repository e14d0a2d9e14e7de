import { describe, expect, it } from "vitest";
import { AuricleError } from "../errors.ts";
import { add, matmul, sum, toFloat } from "../ops/index.ts";
import { inputTensor } from "./sources.ts";

describe("an operation on floats", () => {
  const labels = inputTensor([2, 2], "int32");
  const floats = inputTensor([2, 2], "float32");

  it("refuses int32, whose bits it would misread, and says what to do", () => {
    expect(() => add(floats, labels)).toThrow(AuricleError);
    expect(() => add(floats, labels)).toThrow(
      "add: operand 1 must be float32; got int32 [2,2]; convert it with toFloat",
    );
    expect(() => sum(labels)).toThrow("sum: operand 0 must be float32");
    expect(() => matmul(labels, floats)).toThrow("matmul: operand 0 must be float32");
  });

  it("takes what toFloat gives", () => {
    expect(add(floats, toFloat(labels)).dtype).toBe("float32");
  });
});

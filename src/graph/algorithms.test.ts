import { describe, expect, it } from "vitest";
import { chooseDirect, chooseFixed, chooseMeasured } from "./algorithms.ts";
import type { Algorithm, Choice } from "./lowering.ts";

const algorithm = (name: string): Algorithm => ({ name, lower: () => undefined });

function choiceOf(...names: string[]): Choice {
  const algorithms = names.map(algorithm);
  return { key: names.join(), algorithms, sample: () => ({ algorithms, inputs: [], output: 1 }) };
}

describe("of several algorithms", () => {
  it("the fixed rule takes its own, and direct the plain one", () => {
    expect(chooseFixed(choiceOf("winograd", "direct")).name).toBe("winograd");
    expect(chooseDirect(choiceOf("winograd", "direct")).name).toBe("direct");
  });

  it("the fastest is measured once, and then known", () => {
    const known = new Map<string, string>();
    let measured = 0;
    const choose = chooseMeasured(known, () => {
      measured++;
      return [3, 1, 2];
    });
    const choice = choiceOf("a", "b", "direct");
    expect([choose(choice).name, choose(choice).name, measured]).toEqual(["b", "b", 1]);
    expect([...known]).toEqual([["a,b,direct", "b"]]);
  });

  it("one alone is not measured, and a name that no algorithm has is measured anew", () => {
    let measured = 0;
    const choose = chooseMeasured(new Map([["a,direct", "gone"]]), () => {
      measured++;
      return [2, 1];
    });
    expect(choose(choiceOf("direct")).name).toBe("direct");
    expect(measured).toBe(0);
    expect([choose(choiceOf("a", "direct")).name, measured]).toEqual(["direct", 1]);
  });
});

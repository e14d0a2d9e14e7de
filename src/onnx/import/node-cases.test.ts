/**
 * @file ONNX's own test cases of single nodes, made by tools/oracle/make_onnx_cases.py: each passes or is refused for a reason, and
 * none gives other numbers. AURICLE_ONNX_CASES names a file with all of them.
 */
import { readFileSync } from "node:fs";
import { env } from "node:process";
import { expect, it } from "vitest";
import { runNodeCase, type NodeCase } from "./testing/run-case.ts";

const PATH = env.AURICLE_ONNX_CASES ?? new URL("testing/node-cases.jsonl", import.meta.url);
const CASES = readFileSync(PATH, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as NodeCase);

/** The figures for all cases, on the terminal: how many pass, and the reasons of the others. */
function report(passed: number, refused: ReadonlyMap<string, string>, wrong: readonly string[]): void {
  for (const [name, reason] of refused) console.log(`${name}: ${reason.replaceAll("\n", " ")}`);
  console.log(`${passed} passed, ${refused.size} refused, ${wrong.length} wrong`);
}

it("pass within the tolerance that they state, or are refused", () => {
  const wrong: string[] = [];
  const refused = new Map<string, string>();
  let passed = 0;
  for (const one of CASES) {
    try {
      const result = runNodeCase(one);
      if (result === "passed") passed++;
      else refused.set(one.name, result);
    } catch (error) {
      wrong.push(`${one.name}: ${String(error)}`);
    }
  }
  if (env.AURICLE_ONNX_CASES) report(passed, refused, wrong);
  expect(wrong).toEqual([]);
  expect(passed).toBeGreaterThan(CASES.length / 2);
});

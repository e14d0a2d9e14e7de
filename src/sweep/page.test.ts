import { expect, it } from "vitest";
import { renderSweep } from "./page.ts";
import type { Entry } from "./sweep-result.ts";
import type { Space } from "./space.ts";

const SPACE: Space = [
  {
    name: "learningRate",
    cases: [{ range: { kind: "logUniform", low: 1e-4, high: 1e-1 }, when: new Map() }],
  },
  { name: "optimizer", cases: [{ range: { kind: "values", values: ["adam", "sgd"] }, when: new Map() }] },
];

function entry(
  number: number,
  mean: number | null,
  options: Entry["options"],
  status: Entry["status"],
): Entry {
  const score = mean === null ? null : { mean, deviation: null, loss: 1, seeds: [] };
  return { number, options, status, epochs: 3, score, ...(score ? {} : { problem: "<b>diverged</b>" }) };
}

const ENTRIES = [
  entry(2, 0.9, { learningRate: 1e-2, optimizer: "sgd" }, "complete"),
  entry(1, 0.7, { learningRate: 1e-3, optimizer: "adam" }, "stopped"),
  entry(4, 0.6, { optimizer: "adam" }, "complete"),
  entry(3, null, { learningRate: 0.1, optimizer: "adam" }, "failed"),
];

function pageOf(entries: readonly Entry[]): string {
  const names = { metric: "validationMacroF1", metricName: "validation macro-F1" } as const;
  return renderSweep({ title: "mine", sweep: { space: SPACE }, ...names, entries, facts: ["Best: 2."] });
}

it("draws each configuration with a figure at the places of its options, and lists all", () => {
  const page = pageOf(ENTRIES);
  // Of the drawn rates 1e-3 and 1e-2, the lower is left and the higher right; 0.9 is the highest figure, a margin below the top:
  // 0.05 · 0.3 = 0.015 on each side of 0.6 … 0.9, so 0.9 is at (0.3 + 0.015) / 0.33 = 0.9545.
  expect(page).toContain('<path class="dot validation" d="M1000 45.5h0" />');
  expect(page).toContain('<path class="dot third" d="M0 651.5h0" />');
  // Two optimizers: a quarter and three quarters along their axis. The line begins at the rate of 1e-2.
  expect(page).toContain(
    '<path class="line validation" d="M0 0h0L500 250L1000 45.5" />'.replaceAll("h0L", "h0L"),
  );
  // One without a rate begins at its optimizer.
  expect(page).toMatch(
    /class="line train" d="M500 750h0L1000 954\.5h0"|class="line train" d="M500 750h0L1000 954\.5"/,
  );
  expect(page.match(/<th scope="row">/g)?.length).toBe(4);
  expect(page).toContain("failed: &lt;b&gt;diverged&lt;/b&gt;");
});

it("is whole where nothing has a figure, and where all have the same", () => {
  expect(pageOf([ENTRIES[3]])).toContain("</html>");
  expect(pageOf([ENTRIES[0], { ...ENTRIES[0], number: 5 }])).not.toContain("NaN");
});

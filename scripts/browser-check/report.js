/** @file The page of a report with two scripts added: one that its policy lets pass and that asks, and one that must not run. */
import { createHash } from "node:crypto";
import { renderReport } from "../../dist/report/index.js";

const EPOCH = {
  accuracy: 0.5,
  validationAccuracy: 0.5,
  validationMacroF1: 0.5,
  learningRate: 0.1,
  seconds: 1,
};

/** The least that a report can be rendered from. */
const DATA = {
  title: "report",
  createdAt: "2026-01-01T00:00:00Z",
  task: "classification",
  data: {
    name: "data",
    synthetic: false,
    unit: "clip",
    classNames: ["a", "b"],
    facts: [],
    parts: [],
    split: { method: "random", leaks: [], forced: false },
    problems: [],
  },
  model: { name: "model", parameters: 1, facts: [] },
  history: [1, 2, 3].map((epoch) => ({ ...EPOCH, epoch, loss: 1 / epoch, validationLoss: 1 / epoch })),
  bestEpoch: 3,
  evaluations: [],
  configuration: [],
  environment: [],
  timings: [],
  command: "auricle",
};

/** Presses a key in a chart, and tells whether the report's own script answered and the injected one ran. */
const PROBE = `addEventListener("load", () => {
  const figure = document.querySelector("[data-chart]");
  const output = figure.querySelector("output");
  const before = output.textContent;
  figure.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
  const body = JSON.stringify({
    answers: output.textContent !== before,
    styled: document.styleSheets.length === 1 && document.styleSheets[0].cssRules.length > 0,
    injected: window.injected === true,
  });
  fetch("/result", { method: "POST", body });
});`;

/** HTML that posts { answers, styled, injected } to /result. */
export function probedReport() {
  const hash = createHash("sha256").update(PROBE).digest("base64");
  return renderReport(DATA)
    .replace("script-src ", `connect-src &#39;self&#39;; script-src &#39;sha256-${hash}&#39; `)
    .replace("</body>", `<script>window.injected = true;</script><script>${PROBE}</script></body>`);
}

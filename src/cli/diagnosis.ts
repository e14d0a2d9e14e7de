/** @file The faults found in a trained model, for the terminal. */

import type { RunDiagnosis } from "../runs/index.ts";
import { DIAGNOSIS_TITLES } from "../report/index.ts";
import { colorsOf, widthOf, type TextStream } from "./terminal.ts";
import { wrapText } from "./text.ts";

/** Lines to show before the figures; none where nothing was found. */
export function formatDiagnosis(diagnosis: RunDiagnosis | undefined, stream: TextStream): string[] {
  if (!diagnosis || diagnosis.findings.length === 0) return [];
  const { bold, red, yellow } = colorsOf(stream);
  const title = bold(DIAGNOSIS_TITLES[diagnosis.verdict]);
  const width = widthOf(stream);
  const findings = diagnosis.findings.flatMap(({ observation, advice }) =>
    wrapText(`${observation} ${advice}`, width - 2).map((line, i) => `${i === 0 ? "- " : "  "}${line}`),
  );
  return [diagnosis.verdict === "failed" ? red(title) : yellow(title), ...findings, ""];
}

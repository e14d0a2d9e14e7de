/** @file Problems of recordings, found from their measurements. Browser-safe. */

import { UNUSABLE_SAMPLES } from "../../../audio/decode/usable-samples.ts";
import type { AudioClip } from "../collection.ts";
import type { FileProblem } from "../../collection/collection.ts";
import type { InspectionProblem, ProblemKind } from "./inspection.ts";
import { durationOf, type Measurement } from "./measure/measurement.ts";
import { QUIET_DECIBELS } from "./measure/quiet-meter.ts";
import { decibelsOf, isSilent, SILENCE_IN_WORDS } from "./silence.ts";

/** Share of samples at full scale, from which on a recording is called clipped. */
const CLIPPED_SHARE = 0.001;

/** The least DC offset that is a problem: 40 dB below full scale. */
const DC_OFFSET = 0.01;
/** A short sound may have a mean of its own: only a constant below the sound is an offset, for this many seconds. */
const DC_SECONDS = 1;

/** In seconds. */
const VERY_SHORT = 0.05;

/** A recording is called partly silent when so much of it is, and so many seconds at a stretch. */
const SILENT_SHARE = 0.2;
const SILENT_STRETCH = 3;

/** Decoding may end so many seconds before the end that a header claims, by padding of the last block. */
const LENGTH_TOLERANCE = 0.1;

/** How far from the median a length is unusual where nearly all files are closer, as a share of the median. */
const UNUSUAL_DEVIATION = 0.1;
const NEARLY_ALL = 0.9;
/** Fewer files do not show the usual values. */
const LEAST_FILES = 10;

/** A file, its measurement, and its clips. */
export interface FileToJudge {
  readonly path: string;
  readonly measurement: Measurement;
  readonly clips: readonly AudioClip[];
}

/** Problems that were found before anything was measured. */
export function namedProblems(problems: readonly FileProblem[]): InspectionProblem[] {
  return problems.map(({ path, problem }) => ({
    kind: problem.startsWith("empty file") ? "empty" : "unusable",
    path,
    problem,
  }));
}

/** In the order of the files; a silent or unusable file has no other problems. */
export function findProblems(files: readonly FileToJudge[]): InspectionProblem[] {
  const unusual = unusualLengths(files);
  return files.flatMap((file) => {
    const { path, measurement, clips } = file;
    const found = (kind: ProblemKind, problem: string): InspectionProblem => ({ kind, path, problem });
    const cutOff = findTruncation(measurement, clips).map(([kind, problem]) => found(kind, problem));
    if (!measurement.isFinite) {
      return [...cutOff, found("notNumbers", UNUSABLE_SAMPLES)];
    }
    if (isSilent(measurement)) return [...cutOff, found("silent", describeSilence(measurement))];
    const length = unusual(measurement);
    return [
      ...cutOff,
      ...findLevelProblems(measurement).map(([kind, problem]) => found(kind, problem)),
      ...(length === undefined ? [] : [found("unusualLength", length)]),
    ];
  });
}

type Finding = readonly [kind: ProblemKind, problem: string];

function findTruncation(measurement: Measurement, clips: readonly AudioClip[]): Finding[] {
  const { warnings, claimedFrames, sampleRate } = measurement;
  const seconds = durationOf(measurement);
  const findings = warnings.map((warning): Finding => {
    const [, truncation] = /^truncated: (.*)$/s.exec(warning) ?? [];
    return truncation === undefined ? ["damaged", warning] : ["truncated", truncation];
  });
  const claimed = (claimedFrames ?? 0) / sampleRate;
  if (claimed - seconds > LENGTH_TOLERANCE) {
    const problem = `the header says ${claimed.toFixed(1)} s, ${seconds.toFixed(1)} s could be decoded`;
    findings.push(["truncated", problem]);
  }
  for (const { start, end } of clips) {
    if (start >= seconds) {
      findings.push([
        "unusable",
        `a clip begins at ${start} s; the recording ends at ${seconds.toFixed(2)} s`,
      ]);
    } else if (end !== undefined && end > seconds + LENGTH_TOLERANCE) {
      findings.push([
        "truncated",
        `a clip extends to ${end} s; the recording ends at ${seconds.toFixed(2)} s`,
      ]);
    }
  }
  return findings;
}

function describeSilence({ peak, quiet }: Measurement): string {
  if (peak === 0) return "digital silence";
  if (decibelsOf(peak) > QUIET_DECIBELS + 20) {
    return "its channels cancel each other out: their mean, the model's input, is silent";
  }
  const loudest = decibelsOf(quiet.loudest).toFixed(0);
  return `${SILENCE_IN_WORDS}, its loudest tenth of a second is at ${loudest} dBFS`;
}

function findLevelProblems(measurement: Measurement): Finding[] {
  const { clipped, dcOffset, rms, quiet } = measurement;
  const seconds = durationOf(measurement);
  const findings: Finding[] = [];
  if (clipped >= CLIPPED_SHARE) {
    findings.push([
      "clipped",
      `${percent(clipped)} of its samples are at full scale, three or more in a row`,
    ]);
  }
  if (dcOffset >= DC_OFFSET && dcOffset >= rms / 10 && seconds >= DC_SECONDS) {
    findings.push(["dcOffset", `its mean is ${percent(dcOffset)} of full scale instead of 0`]);
  }
  if (seconds < VERY_SHORT) findings.push(["veryShort", `only ${(1000 * seconds).toFixed(0)} ms long`]);
  if (quiet.seconds >= SILENT_SHARE * seconds && quiet.longest.seconds >= SILENT_STRETCH) {
    const { start, seconds: longest } = quiet.longest;
    const stretch = `${longest.toFixed(1)} s from ${start.toFixed(1)} s on`;
    findings.push([
      "partlySilent",
      `${percent(quiet.seconds / seconds)} of it is below ${QUIET_DECIBELS} dBFS, the longest stretch ${stretch}`,
    ]);
  }
  return findings;
}

/** Says of a recording that its length is unusual, where nearly all have about the same. */
function unusualLengths(files: readonly FileToJudge[]): (measurement: Measurement) => string | undefined {
  const lengths = files.map(({ measurement }) => durationOf(measurement)).sort((a, b) => a - b);
  const median = lengths[Math.floor(lengths.length / 2)];
  const isUnusual = (seconds: number) => Math.abs(seconds - median) > UNUSUAL_DEVIATION * median;
  const usual = lengths.filter((seconds) => !isUnusual(seconds)).length;
  if (lengths.length < LEAST_FILES || usual < NEARLY_ALL * lengths.length) return () => undefined;
  return (measurement) => {
    const seconds = durationOf(measurement);
    if (!isUnusual(seconds)) return undefined;
    return `${seconds.toFixed(1)} s long, where ${percent(usual / lengths.length)} have about ${median.toFixed(1)} s`;
  };
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

/**
 * @file Drawn convolutions, forward, input gradient and filter gradient, beside oneDNN through PyTorch, in turn. For each also the
 * other algorithms and native targets of Auricle: the algorithm chosen by rule should be within 10 % of the best.
 *
 *     npm run bench -- random --count 500 --seed 1 --threads 2 --turns 3 --seconds 0.03
 *     npm run bench -- random --count 50 --pass forward --no-choice --plot random.svg --json
 *
 * `--busy`: whoever's turn it is runs before all other processes of the machine. Ends with a plot of the ratio by multiply-adds, the worst twenty with what limits them, and the shares. With --json each line is a
 * result. Convolutions whose sums differ from PyTorch's by more than 1e-3 are errors.
 */
import "./random/own-cache.mjs";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { conv1d, conv2d, depthwiseConv1d, depthwiseConv2d, gradients } from "../dist/ops/index.js";
import { multiplyAddPeak } from "../dist/runtime/peak.js";
import { memoryBandwidth } from "./bandwidth.mjs";
import { machineLine } from "./machine.mjs";
import { PEER_FOLDER, PEERS } from "./peer-list.mjs";
import { asciiPlot, svgPlot } from "./random/plot.mjs";
import { drawShapes, multiplyAddsOf, nameOf, numbersOf } from "./random/shapes.mjs";
import { summaryOf } from "./random/summary.mjs";
import { fastestTarget, targetsNamed } from "./targets.mjs";
import { programOf, trace } from "./traced.mjs";
import { measureInTurn, runFirst, Side } from "./turns.mjs";

/** @import { Shape } from "./random/shapes.mjs" */

const PASSES = ["forward", "input gradient", "filter gradient"];
/** The rule, what a short measurement chooses, and the plain loops. */
const POLICIES = ["fixed", "measured", "direct"];
const SAME_SQUARES = 1e-3;
/** Between turns, in milliseconds: there are thousands of them. */
const PAUSE = 10;

const { values: flags } = parseArgs({
  options: {
    count: { type: "string", default: "500" },
    seed: { type: "string", default: "1" },
    pass: { type: "string", default: PASSES.join(",") },
    threads: { type: "string", default: "2" },
    target: { type: "string" },
    turns: { type: "string", default: "3" },
    seconds: { type: "string", default: "0.03" },
    "no-choice": { type: "boolean", default: false },
    plot: { type: "string" },
    busy: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const threads = Number(flags.threads);
const target = flags.target ?? (await fastestTarget());
/** Native ones beside the one that is taken. */
const otherTargets = (await targetsNamed("all")).filter(
  (name) => name !== target && !name.startsWith("wasm"),
);
const [python] = PEERS.pytorch.command;
if (!PEERS.pytorch.installed()) throw new Error(`${python} is missing: npm run peers installs it`);

/** @param {Shape} shape */
function stageOf({ batch, lengths, channels, filters, kernel, strides, dilations, padding, groups }) {
  const isDepthwise = groups > 1 && groups === channels && filters === channels;
  const [whole, depthwise] = kernel.length === 1 ? [conv1d, depthwiseConv1d] : [conv2d, depthwiseConv2d];
  const window = { strides, dilationRate: dilations, padding: padding.map((side) => [side, side]) };
  return {
    inputShape: [batch, ...lengths, channels],
    weightShapes: [isDepthwise ? [...kernel, channels, 1] : [...kernel, channels / groups, filters]],
    apply: ([x, filter]) =>
      isDepthwise ? depthwise(x, filter, window) : whole(x, filter, { ...window, groups }),
  };
}

/** @param {Shape} shape @param {string} pass @param {object} options */
function passProgram(shape, pass, options) {
  const { inputs, output, gradient, loss } = trace(stageOf(shape));
  if (pass === "forward") return programOf(inputs, [output], options);
  const of = pass === "input gradient" ? inputs.slice(0, 1) : inputs.slice(1);
  return programOf([...inputs, gradient], gradients(loss, of), options);
}

/** The programs by the way's name, each kind of code once: the chosen one first. */
function programsOf(shape, pass) {
  const programs = new Map();
  const codes = new Set();
  const targets = flags["no-choice"] ? [target] : [target, ...otherTargets];
  for (const name of targets) {
    for (const algorithms of flags["no-choice"] ? ["fixed"] : POLICIES) {
      const program = passProgram(shape, pass, { target: name, threads, algorithms });
      const code = `${name} ${program.report.calls.map(({ key }) => key).join(" ")}`;
      if (!codes.has(code)) programs.set(`${name} ${algorithms}`, program);
      codes.add(code);
    }
  }
  return programs;
}

/** Runs of a program within some seconds, as the peers' side gives them. @param {{ run(): void }} program @param {number} seconds */
function timesOf(program, seconds) {
  program.run();
  const times = [];
  const end = performance.now() + 1000 * seconds;
  while (times.length < 3 || performance.now() < end) {
    const begin = performance.now();
    program.run();
    times.push(performance.now() - begin);
  }
  return times;
}

/** @param {Shape} shape @param {string} pass @param {Side} peer */
async function measurePass(shape, pass, peer) {
  const { ways: formats, squares } = await peer.ask({ shape, pass });
  const programs = programsOf(shape, pass);
  const [chosen, ...others] = programs.keys();
  const own = { runFirst, ask: async ({ way, seconds }) => ({ times: timesOf(programs.get(way), seconds) }) };
  programs.get(chosen).run();
  const ours = programs
    .get(chosen)
    .output(0)
    .data.reduce((sum, value) => sum + value * value, 0);
  const contenders = [
    { side: own, ways: [chosen] },
    { side: peer, ways: formats },
    ...(others.length > 0 ? [{ side: own, ways: others }] : []),
  ];
  const results = await measureInTurn(contenders, {
    turns: Number(flags.turns),
    seconds: Number(flags.seconds),
    pause: PAUSE,
    busy: flags.busy,
  });
  const [mine, theirs, other] = results;
  const best = other && other.best < mine.best ? other : mine;
  const multiplyAdds = multiplyAddsOf(shape);
  const bytes = 4 * numbersOf(shape).reduce((sum, count) => sum + count, 0);
  return {
    kind: "random",
    shape,
    name: nameOf(shape),
    pass,
    threads,
    busy: flags.busy,
    target,
    multiplyAdds,
    ms: mine.ms,
    gigamacs: multiplyAdds / mine.ms / 1e6,
    bytes,
    peakShare: (2 * multiplyAdds) / mine.ms / 1e6 / limits.gigaflops,
    bandwidthShare: bytes / mine.ms / 1e6 / limits.gigabytes,
    peerMs: theirs.ms,
    peerGigamacs: multiplyAdds / theirs.ms / 1e6,
    format: theirs.way,
    ratio: theirs.ms / mine.ms,
    best: best.way,
    /** A quotient of least times, which vary less than medians of so few. */
    lostToBest: mine.best / best.best,
    kernels: programs.get(chosen).report.calls.map(({ label }) => label),
    error:
      Math.abs(ours - squares) <= SAME_SQUARES * squares
        ? undefined
        : `sum of squares ${ours}, PyTorch's ${squares}`,
  };
}

if (flags.busy) runFirst(true);
const limits = { gigaflops: multiplyAddPeak(target, threads)(), gigabytes: memoryBandwidth(target, threads) };
if (flags.busy) runFirst(false);
const peer = new Side([python, `${PEER_FOLDER}convolutions.py`, "--threads", flags.threads]);
const rows = [];
try {
  const { version } = await peer.read();
  if (flags.json) console.log(JSON.stringify({ ...machineLine(), pytorch: version }));
  for (const shape of drawShapes(Number(flags.count), Number(flags.seed))) {
    for (const pass of flags.pass.split(",")) {
      const row = await measurePass(shape, pass, peer);
      rows.push(row);
      if (row.error) process.exitCode = 1;
      if (flags.json) console.log(JSON.stringify(row));
    }
  }
} finally {
  peer.end();
}
if (!flags.json) console.log(`${asciiPlot(rows)}\n\n${summaryOf(rows)}`);
if (flags.plot) writeFileSync(flags.plot, svgPlot(rows));
process.exit();

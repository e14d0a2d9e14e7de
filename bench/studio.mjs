/**
 * @file How fast the studio answers in headless Chromium, as the Markdown of docs/benchmarks.md: the first view and its scripts, sliders,
 * the longest tasks of the page's thread, ten minutes of sound, and LeNet-5's training. Run it on a machine that does nothing else.
 *
 *     npm run --silent bench -- studio --seconds 10
 */
import { parseArgs } from "node:util";
import { BROWSERS, findBrowser } from "../scripts/browser-check/chromium.mjs";
import { buildStudio } from "../scripts/setup.mjs";
import { answerTimes } from "../scripts/studio-check/answer-times.mjs";
import { tryTenMinutes } from "../scripts/studio-check/long-sound.mjs";
import { firstViewCosts, totalSize } from "../scripts/studio-check/speed.mjs";
import { openStudio } from "../scripts/studio-check/studio.mjs";
import { longestTasks } from "../scripts/studio-check/view-tasks.mjs";
import { inNode, inPage, tensorFlowRows } from "./browser-training.mjs";
import { machineLine } from "./machine.mjs";

const { values: flags } = parseArgs({ options: { seconds: { type: "string", default: "10" } } });
const seconds = Number(flags.seconds);

buildStudio();
const program = findBrowser();
if (!program) throw new Error(`no browser was found (${process.env.CHROMIUM ?? BROWSERS.join(", ")})`);

const milliseconds = (value) => (value === undefined ? "–" : `${Math.round(value)} ms`);

console.log(`${machineText()}\n`);
const studio = await openStudio(program);
try {
  printTable(["figure", "measured", "wanted"], [...(await firstViewRows()), ...(await answerRows())]);
  const sound = await tryTenMinutes(program);
  printTable(
    ["ten minutes of sound (44,100 Hz, stereo)", "measured", "wanted"],
    [
      ["open after", `${sound.openSeconds.toFixed(1)} s`, ""],
      ["longest task while it opens", milliseconds(sound.longest.open), "100 ms"],
      ["longest task while it is zoomed", milliseconds(sound.longest.zoom), "100 ms"],
      ["longest task while it is played", milliseconds(sound.longest.play), "100 ms"],
      [
        "memory of the page's process, at most",
        sound.memory === undefined ? "–" : `${Math.round(sound.memory / 1e6)} MB`,
        "500 MB",
      ],
    ],
  );
  printTable(
    ["longest task", "opens", "controls are worked", "trains"],
    (await longestTasks(studio)).map(({ view, open, work, train }) => [
      view,
      milliseconds(open),
      milliseconds(work),
      milliseconds(train),
    ]),
  );
  printTable(["LeNet-5's training", "threads", "digits a second"], await trainingRows());
} finally {
  await studio.close();
}

async function firstViewRows() {
  const { shown, trained, scripts } = await firstViewCosts(studio);
  return [
    ["first view is there after", `${shown.toFixed(2)} s`, "2 s"],
    ["its network is trained after", `${trained.toFixed(2)} s`, ""],
    ["its scripts, compressed by gzip", `${(totalSize(scripts) / 1000).toFixed(0)} kB`, "250 kB"],
  ];
}

async function answerRows() {
  const answers = await answerTimes(studio);
  return answers.map(({ name, median }) => [
    `spectrogram after a step of the slider “${name}”, median`,
    milliseconds(median),
    "50 ms",
  ]);
}

async function trainingRows() {
  const page = await inPage(studio, seconds);
  const node = await inNode(page.threads, seconds);
  const share = `${Math.round((100 * page.rate) / node)} % of Node.js`;
  const rate = (value) => (typeof value === "number" ? Math.round(value).toLocaleString("en") : value);
  return [
    ["the studio's lesson", page.threads, `${rate(page.rate)} (${share})`],
    ["Node.js, WebAssembly", page.threads, rate(node)],
    ...(await tensorFlowRows(studio, seconds)).map(([name, threads, each]) => [name, threads, rate(each)]),
  ];
}

function machineText() {
  const { processors, processor, memoryBytes, system, node, date, commit } = machineLine();
  const from = commit ? `, commit ${commit}` : "";
  const memory = `${Math.round(memoryBytes / 2 ** 30)} GiB`;
  return `${processors} processors (${processor}), ${memory}, ${system}, Node.js ${node}; ${date}${from}. Tasks are those of the page's thread, in the processor's time.`;
}

/** @param {readonly string[]} heading @param {readonly (readonly (string | number)[])[]} rows */
function printTable(heading, rows) {
  for (const cells of [heading, heading.map(() => "---"), ...rows]) console.log(`| ${cells.join(" | ")} |`);
  console.log();
}

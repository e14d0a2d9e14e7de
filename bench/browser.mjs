/**
 * @file LeNet-5 trained in the studio's lesson in Chromium, beside the same training in Node.js on WebAssembly with as many threads,
 * and beside TensorFlow.js in the same browser. Digits a second; batches of 32, softmax cross-entropy, Adam.
 *
 *     npm run bench -- browser --seconds 10
 *
 * TensorFlow.js trains on plain JavaScript and on WebGL; its WASM backend has no gradient of a convolution's filter. Where it is not
 * installed (`npm run peers`) its rows are left out. Without a graphics card Chromium computes WebGL on the processor.
 */
import { parseArgs } from "node:util";
import { findBrowser, BROWSERS } from "../scripts/browser-check/chromium.mjs";
import { buildStudio } from "../scripts/setup.mjs";
import { openStudio } from "../scripts/studio-check/studio.mjs";
import { inNode, inPage, tensorFlowRows } from "./browser-training.mjs";
import { machineLine } from "./machine.mjs";

const { values: flags } = parseArgs({ options: { seconds: { type: "string", default: "10" } } });
const seconds = Number(flags.seconds);

buildStudio();
const program = findBrowser();
if (!program) throw new Error(`no browser was found (${process.env.CHROMIUM ?? BROWSERS.join(", ")})`);

const studio = await openStudio(program);
try {
  const page = await inPage(studio, seconds);
  const node = await inNode(page.threads, seconds);
  const rows = [
    ["studio, Chromium", page.threads, page.rate],
    ["Node.js, wasm", page.threads, node],
    ...(await tensorFlowRows(studio, seconds)),
  ];
  console.log(JSON.stringify(machineLine()));
  for (const [name, threads, rate] of rows) {
    const result = typeof rate === "number" ? `${Math.round(rate)} digits/s` : rate;
    console.log(`${name.padEnd(28)}${String(threads).padStart(3)} threads   ${result}`);
  }
  console.log(`The page trains at ${Math.round((100 * page.rate) / node)} % of Node.js.`);
} finally {
  await studio.close();
}

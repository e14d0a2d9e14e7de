/**
 * @file Tries machine code in a process of its own, which may crash: reads a plan from its standard input and writes
 * the name of each candidate that works, one a line, as soon as it knows.
 */
import { readFileSync, writeSync } from "node:fs";
import { openForeign } from "./foreign.js";

/**
 * @typedef {object} Candidate
 * @property {string} name
 * @property {readonly number[]} features bits that the processor's words must have
 * @property {string} code a kernel, in base64
 * @property {readonly number[]} memory words before it runs
 * @property {readonly number[]} parameters
 * @property {readonly number[]} expected words after it ran
 */

/** @typedef {{ features: string, call: string, candidates: readonly Candidate[] }} ProbePlan */

const foreign = openForeign();

/** @param {string} code in base64 */
function map(code) {
  return foreign.mapCode(Buffer.from(code, "base64"));
}

/** @param {readonly number[]} words */
function words(words) {
  const block = new Int32Array(new ArrayBuffer(words.length * Int32Array.BYTES_PER_ELEMENT));
  block.set(words);
  return block;
}

/** @type {ProbePlan} */
const plan = JSON.parse(readFileSync(0, "utf8"));
const found = words([0, 0, 0, 0]);
foreign.functionAt(map(plan.features))(foreign.addressOf(found), 0, 0);
const call = foreign.functionAt(map(plan.call));
for (const { name, features, code, memory, parameters, expected } of plan.candidates) {
  if (!features.every((bits, i) => (found[i] & bits) === bits)) continue;
  const [own, block] = [words(memory), words(parameters)];
  call(map(code), foreign.addressOf(own), foreign.addressOf(block));
  if (expected.every((word, i) => own[i] === word)) writeSync(1, `${name}\n`);
}

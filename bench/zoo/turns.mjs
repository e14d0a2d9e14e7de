/** @file Processes that stay and answer a line of JSON with a line of JSON, so that libraries are measured in turn. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { reasonIn } from "../process.mjs";

/** A library's process. */
export class Side {
  /** @param {readonly string[]} command the program and its arguments */
  constructor([program, ...args]) {
    this.errors = "";
    this.child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.child.stderr.setEncoding("utf8").on("data", (text) => (this.errors += text));
    // Whoever waits for an answer is told of the end.
    this.child.stdin.on("error", () => {});
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /** The next line of JSON; what libraries print besides is passed over. @returns {Promise<any>} */
  async read() {
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done) throw new Error(reasonIn(this.errors) || "it ended without a result");
      if (value.startsWith("{")) return JSON.parse(value);
    }
  }

  /** @param {object} command @returns {Promise<any>} */
  async ask(command) {
    this.child.stdin.write(`${JSON.stringify(command)}\n`);
    return this.read();
  }

  end() {
    this.child.stdin.end();
    this.child.kill();
  }
}

/** Threads of libraries spin for a while after their work. */
const PAUSE_MS = 100;
/** After the first turn, ways slower than the best of their process by this factor are left out. */
const HOPELESS = 1.3;

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/**
 * Measures ways of several processes in turn.
 * @param {readonly { side: Side, ways: readonly string[] }[]} contenders
 * @param {number} turns
 * @param {number} seconds of a turn
 * @returns {Promise<{ way: string, ms: number, runs: number }[]>} of each contender the best way
 */
export async function measureInTurn(contenders, turns, seconds) {
  const all = contenders.map(({ side, ways }) => ({
    side,
    ways: ways.map((way) => ({ way, times: /** @type {number[]} */ ([]) })),
  }));
  for (let turn = 0; turn < turns; turn++) {
    for (const contender of all) {
      for (const { way, times } of contender.ways) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        times.push(...(await contender.side.ask({ way, seconds })).times);
      }
      const best = Math.min(...contender.ways.map(({ times }) => median(times)));
      contender.ways = contender.ways.filter(({ times }) => median(times) <= HOPELESS * best);
    }
  }
  return all.map(({ ways }) => {
    const results = ways.map(({ way, times }) => ({ way, ms: median(times), runs: times.length }));
    return results.reduce((best, result) => (result.ms < best.ms ? result : best));
  });
}

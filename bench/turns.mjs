/** @file Processes that stay and answer a line of JSON with a line of JSON, so that libraries are measured in turn. */
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { reasonIn } from "./process.mjs";

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

  /**
   * Whether the process runs before all others of the machine, by the scheduler's class for real time (Linux, as root).
   * @param {boolean} first
   */
  runFirst(first) {
    runFirst(first, this.child.pid);
  }

  end() {
    this.child.stdin.end();
    this.child.kill();
  }
}

/** @param {boolean} first @param {number} [pid] */
export function runFirst(first, pid = process.pid) {
  const policy = first ? ["--fifo", "--pid", "1"] : ["--other", "--pid", "0"];
  spawnSync("chrt", ["--all-tasks", ...policy, `${pid}`]);
}

/** Milliseconds between two measurements: threads of libraries spin for a while after their work. */
const PAUSE = 100;
/** After the first turn, ways slower than the best of their process by this factor are left out. */
const HOPELESS = 1.3;

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/**
 * Measures ways of several processes in turn.
 * @param {readonly { side: Pick<Side, "ask" | "runFirst">, ways: readonly string[] }[]} contenders
 * @param {object} options
 * @param {number} options.turns
 * @param {number} options.seconds of a turn
 * @param {number} [options.pause] in milliseconds before each
 * @param {boolean} [options.busy] on a busy machine: whoever's turn it is runs before everything else
 * @returns {Promise<{ way: string, ms: number, best: number, runs: number }[]>} of each contender the best way: median and least time
 */
export async function measureInTurn(contenders, { turns, seconds, pause = PAUSE, busy = false }) {
  const all = contenders.map(({ side, ways }) => ({
    side,
    ways: ways.map((way) => ({ way, times: /** @type {number[]} */ ([]) })),
  }));
  for (let turn = 0; turn < turns; turn++) {
    for (const contender of all) {
      for (const { way, times } of contender.ways) {
        await new Promise((resolve) => setTimeout(resolve, pause));
        if (busy) contender.side.runFirst(true);
        times.push(...(await contender.side.ask({ way, seconds })).times);
        if (busy) contender.side.runFirst(false);
      }
      const best = Math.min(...contender.ways.map(({ times }) => median(times)));
      contender.ways = contender.ways.filter(({ times }) => median(times) <= HOPELESS * best);
    }
  }
  return all.map(({ ways }) => {
    const results = ways.map(({ way, times }) => ({
      way,
      ms: median(times),
      best: Math.min(...times),
      runs: times.length,
    }));
    return results.reduce((best, result) => (result.ms < best.ms ? result : best));
  });
}

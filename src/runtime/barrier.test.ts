/**
 * @file The threads' protocol under schedules that no machine would show: the code of thread.js itself, stopped at every atomic
 * operation, on threads of which a scheduler lets one at a time go on. First every schedule with at most two switches that
 * were not needed, then thousands of random ones.
 */
import { readFileSync } from "node:fs";
import { createContext, Script } from "node:vm";
import { describe, expect, it } from "vitest";
import { deriveKey, Generator as RandomNumbers } from "../random/generator.ts";

/** A thread that stops before each atomic operation, and while it sleeps. */
type Thread = Generator<undefined, void>;

interface Program {
  runShared(control: Int32Array, run: number): Thread;
}

/** The word that a sleeping thread waits for. */
interface Sleeper {
  readonly words: Int32Array;
  readonly index: number;
}

interface Model {
  CONTROL: { readonly words: number };
  counterWords(steps: number, threads: number): number;
  program(
    image: object,
    thread: number,
    threads: number,
    run: (kernel: number, unit: number) => Thread,
  ): Program;
}

/** thread.js with generators in place of functions; throws if a part that must be replaced is no longer there. */
function modelSource(change: (source: string) => string): string {
  let source = change(readFileSync(new URL("./thread.js", import.meta.url), "utf8"));
  const replace = (from: RegExp, to: string) => {
    if (!from.test(source)) throw new Error(`thread.js has no ${from.source} any longer`);
    source = source.replace(from, to);
  };
  replace(/^export /gm, "");
  // What records a profile does the same and more.
  replace(/ {2}recordShared\([\s\S]*?\n {2}\}\n/, "");
  replace(/const SPINS = \d+;/, "const SPINS = 1;");
  replace(/function (waitUntil|wake)\(/g, "function* $1(");
  replace(/^ {2}(runShared|waitForStep|takeUnits)\(/gm, "  *$1(");
  replace(/(?<!function\* )\b(waitUntil|wake)\((?=control)/g, "yield* $1(");
  replace(/this\.(waitForStep|takeUnits)\(control/g, "yield* this.$1(control");
  replace(/run\(start, start \+ part\);/, "yield* run(start, start + part);");
  replace(/Atomics\.wait\(/, "yield* sleep(");
  replace(/Atomics\.(load|add|sub|compareExchange|notify)\(/g, "(yield* atomics()).$1(");
  return `${source}
    function* atomics() { yield; return { load, add, sub, compareExchange, notify }; }
    const load = (words, index) => words[index];
    const add = (words, index, value) => { const before = words[index]; words[index] += value; return before; };
    const sub = (words, index, value) => add(words, index, -value);
    const compareExchange = (words, index, expected, value) => {
      const before = words[index];
      if (before === expected) words[index] = value;
      return before;
    };
    const notify = (words, index) => wakeSleepers(words, index);
    function* sleep(words, index, value) {
      yield;
      if (words[index] === value) { fallAsleep(words, index); yield; }
    }
    ({ CONTROL, counterWords, program: (image, thread, threads, run) =>
      new ThreadProgram(image, (kernel) => (start, end) => (function* () {
        for (let unit = start; unit < end; unit++) yield* run(kernel, unit);
      })(), thread, threads) })`;
}

/** The hooks of the running scheduler that the model calls. */
const scheduler = {
  fallAsleep: (words: Int32Array, index: number): void =>
    expect.fail(`${words.length} ${index}: no scheduler`),
  wakeSleepers: (words: Int32Array, index: number): void =>
    expect.fail(`${words.length} ${index}: no scheduler`),
};

/** @param change changes the source of thread.js */
function modelOf(change = (source: string) => source): Model {
  const context = createContext({
    fallAsleep: (words: Int32Array, index: number) => scheduler.fallAsleep(words, index),
    wakeSleepers: (words: Int32Array, index: number) => scheduler.wakeSleepers(words, index),
  });
  return new Script(modelSource(change), { filename: "thread-model.js" }).runInContext(context) as Model;
}

interface Setting {
  readonly units: readonly number[];
  readonly threads: number;
  readonly runs: number;
}

/** Lets threads go on as `choose` says, of those that can, until all have ended; checks each unit and each wait. */
function play(
  model: Model,
  { units, threads, runs }: Setting,
  choose: (able: readonly number[]) => number,
): void {
  const sleepers = new Map<number, Sleeper>();
  let current = 0;
  scheduler.fallAsleep = (words, index) => void sleepers.set(current, { words, index });
  scheduler.wakeSleepers = (words, index) => {
    for (const [thread, one] of sleepers) {
      if (one.words === words && one.index === index) sleepers.delete(thread);
    }
  };
  const control = new Int32Array(model.CONTROL.words);
  const counters = new Int32Array(model.counterWords(units.length, threads));
  const steps = units.map((count, kernel) => ({ kernel, units: count, leastUnits: 1, pointers: [] }));
  const image = { code: {}, steps, scratchAddress: 0, scratchBytes: 0, counters };
  /** How often each unit was begun and ended, over all runs. */
  const begun = units.map((count) => new Array<number>(count).fill(0));
  const ended = units.map((count) => new Array<number>(count).fill(0));
  let run = 0;
  function* work(kernel: number, unit: number): Thread {
    expect(++begun[kernel][unit], `unit ${unit} of step ${kernel} in run ${run}`).toBe(run + 1);
    if (kernel > 0) expect(new Set(ended[kernel - 1]), `before step ${kernel}`).toEqual(new Set([run + 1]));
    yield;
    ended[kernel][unit]++;
  }
  const programs = Array.from({ length: threads }, (_, thread) =>
    model.program(image, thread, threads, work),
  );
  function* first(): Thread {
    for (run = 0; run < runs; run++) {
      yield* programs[0].runShared(control, run);
      expect(new Set(ended.flat()), `after run ${run}`).toEqual(new Set([run + 1]));
    }
    run--;
  }
  function* worker(thread: number): Thread {
    for (let turn = 0; turn < runs; turn++) {
      // As old as it may be by the time that it is used.
      const seen = run;
      yield;
      yield* programs[thread].runShared(control, seen);
    }
  }
  const all = programs.map((_, thread) => (thread === 0 ? first() : worker(thread)));
  const left = new Set(all.keys());
  while (left.size > 0) {
    const able = [...left].filter((thread) => !sleepers.has(thread));
    if (able.length === 0) expect.fail(`all threads sleep: ${[...left].join(", ")}`);
    current = choose(able);
    if (all[current].next().done) left.delete(current);
  }
}

/** Every schedule with at most so many switches away from a thread that could have gone on. */
function exhaust(model: Model, setting: Setting, most: number): number {
  let count = 0;
  const path: { readonly options: readonly number[]; chosen: number }[] = [];
  do {
    let depth = 0;
    let last = 0;
    let switches = 0;
    play(model, setting, (able) => {
      const stays = able.includes(last);
      const others = able.filter((thread) => thread !== last);
      if (depth === path.length) {
        const options = stays ? [last, ...(switches < most ? others : [])] : others;
        path.push({ options, chosen: 0 });
      }
      const { options, chosen } = path[depth++];
      if (stays && options[chosen] !== last) switches++;
      return (last = options[chosen]);
    });
    count++;
    while (path.length > 0 && ++path[path.length - 1].chosen === path[path.length - 1].options.length)
      path.pop();
  } while (path.length > 0);
  return count;
}

describe("each unit is done once, after all of the step before, and nobody sleeps for ever", () => {
  const model = modelOf();

  it("in every schedule with two or three switches that were not needed", () => {
    expect(exhaust(model, { units: [2, 1], threads: 2, runs: 1 }, 3)).toBeGreaterThan(1000);
    expect(exhaust(model, { units: [2, 1], threads: 2, runs: 2 }, 2)).toBeGreaterThan(500);
    expect(exhaust(model, { units: [2, 1], threads: 3, runs: 1 }, 2)).toBeGreaterThan(500);
  });

  it.each([2, 3, 5])("in random schedules of %i threads over several runs", (threads) => {
    const generator = new RandomNumbers(deriveKey("schedules", threads));
    for (let i = 0; i < 300; i++) {
      const units = Array.from({ length: 1 + generator.integer(3) }, () => 1 + generator.integer(6));
      // Long stretches of one thread, or a switch at each operation.
      const change = 1 + generator.integer(8);
      let last = 0;
      play(model, { units, threads, runs: 3 }, (able) => {
        if (!able.includes(last) || generator.integer(change) === 0)
          last = able[generator.integer(able.length)];
        return last;
      });
    }
  });

  it.each([
    [
      "takes units though another thread was quicker",
      /\) !== taken\) continue;/,
      ") === undefined) continue;",
      /unit/,
    ],
    [
      "goes on to the next step at once",
      /this\.waitForStep\(control, step, count\);/g,
      "",
      /before step|after run/,
    ],
    ["wakes nobody", /if \(finished === [^\n]*\n/, "", /all threads sleep/],
    [
      "counts units as done before doing them",
      /run\(start, start \+ part\);/,
      "Atomics.add(counters, done, part); run(start, start + part); Atomics.add(counters, done, -part);",
      /before step|after run/,
    ],
  ])("but not if a thread %s", (_, from, to, message) => {
    const changed = modelOf((source) => {
      expect(source).toMatch(from);
      return source.replace(from, to);
    });
    expect(() => exhaust(changed, { units: [2, 1], threads: 2, runs: 2 }, 2)).toThrow(message);
  });
});

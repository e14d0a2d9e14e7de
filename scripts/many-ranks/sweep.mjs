/** @file A sweep on ranks, of which one is killed, and which another number of ranks goes on with: results of one process. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** One of the configurations cannot be trained. */
const SWEEP = {
  data: "digits",
  base: { model: "lenet5", target: "wasm", epochs: 3, trainSize: 200, batchSize: 20 },
  space: { learningRate: [0.003, 1e38], optimizer: ["adam", "sgd"] },
  strategy: "grid",
};

/**
 * @param engines names of mpirun
 * @param run carries out a command on so many ranks of an engine, and shows the output so far to its last argument
 * @param check notes whether something holds
 */
export async function checkSweep(engines, folder, run, check) {
  const file = join(folder, "sweep.json");
  writeFileSync(file, JSON.stringify(SWEEP));
  const sweep = async (engine, ranks, out, watch) => {
    const { code, output } = await run(engine, ranks, ["sweep", file, "--json", "--out", out], watch);
    return { code, output, results: code === 0 ? resultsOf(out) : "" };
  };
  const alone = await sweep("", 1, join(folder, "sweep-alone"));
  check("one process carries out a sweep", alone.results.includes('"failed"'), alone.output);
  for (const engine of engines) {
    const out = join(folder, `${engine}-sweep-killed`);
    let isKilled = false;
    const ended = await sweep(engine, 3, out, (text) => {
      const victim = /1 on \S+ \(process (\d+)\)/.exec(text)?.[1];
      if (isKilled || victim === undefined || !text.includes('"event":"epoch"')) return;
      isKilled = true;
      process.kill(Number(victim), "SIGKILL");
    });
    check(`${engine}: a rank that is killed ends a sweep`, isKilled && ended.code !== 0, ended.output);
    const again = await sweep(engine, 2, out);
    check(
      `${engine}: 2 ranks go on with it, to the results of one process`,
      again.results === alone.results,
      again.output,
    );
  }
}

/** The results that do not depend on times and places. */
function resultsOf(out) {
  const { metric, entries, best } = JSON.parse(readFileSync(join(out, "results.json"), "utf8"));
  return JSON.stringify({ metric, entries, best });
}

/**
 * @file Side by side with the peers: two tables of workloads, training steps and inference, one process after the other, ours
 * before and after the peers so that a change of the machine's speed shows.
 *
 *     npm run bench -- --workload lenet5,vgg4 --phase train --threads 1,2 --target wasm,avx512 --no-peers --json
 *     npm run bench -- --table architectures --threads 2
 *
 * Peers that are not installed are left out; `npm run peers` installs them.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { machineLine } from "./machine.mjs";
import { PEER_FOLDER, PEERS, peersNamed } from "./peer-list.mjs";
import { measure } from "./process.mjs";
import { printExplanation, printHeading, printRow } from "./table.mjs";
import { targetsNamed, threadCounts } from "./targets.mjs";
import { tableOf, TABLES, WORKLOADS } from "./workloads.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

const { values: flags } = parseArgs({
  options: {
    table: { type: "string", default: Object.keys(TABLES).join(",") },
    workload: { type: "string" },
    phase: { type: "string", default: "train,infer" },
    threads: { type: "string", default: "1,2" },
    target: { type: "string", default: "all" },
    seconds: { type: "string", default: "2" },
    limit: { type: "string", default: "30" },
    peers: { type: "string", default: Object.keys(PEERS).join(",") },
    "no-peers": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
/** Those named, table by table; without names all of the tables. @type {string[]} */
const chosen = Object.entries(TABLES).flatMap(([table, workloads]) => {
  const named = flags.workload?.split(",");
  return Object.keys(workloads).filter((name) =>
    named ? named.includes(name) : flags.table.split(",").includes(table),
  );
});
checkNames("workload", flags.workload, WORKLOADS);
checkNames("table", flags.table, TABLES);
const targets = await targetsNamed(flags.target);
const peers = flags["no-peers"] ? [] : peersNamed(flags.peers).filter(([, peer]) => peer.installed());

/**
 * One library's result: milliseconds a step, or why there is none.
 * @typedef {{ peer: string, version?: string, target?: string, ms?: number, best?: number, runs?: number, peak?: number,
 *   firstStepMs?: number, arenaBytes?: number, scratchBytes?: number, grownBytes?: number, peakBytes?: number,
 *   error?: string, compiler?: string, ratios?: Record<string, number> }} Result
 * @typedef {{ kind: "workload", table: string, workload: string, phase: string, threads: number, own: Result[], peers: Result[] }} Row
 */

/** Results of peers with one thread, which are measured once. @type {Map<string, Result>} */
const known = new Map();

/** @param {string} workload @param {string} phase @param {number} threads @returns {Result[]} */
function measurePeers(workload, phase, threads) {
  const table = tableOf(workload);
  return peers
    .filter(([, peer]) => peer.phases.includes(phase) && peer.tables.includes(table))
    .map(([name, peer]) => {
      const used = peer.threaded ? threads : 1;
      const key = [name, workload, phase, used].join(" ");
      const args = stepFlags(workload, phase, used);
      const limit = peer.limited ? ["--limit", flags.limit] : [];
      const result = known.get(key) ?? measure(peer.command, [...args, ...limit], PEER_FOLDER);
      known.set(key, result);
      return { ...result, peer: name };
    });
}

/** @param {string} flag @param {string | undefined} names comma-separated @param {object} known */
function checkNames(flag, names, known) {
  const wrong = names?.split(",").find((name) => !(name in known));
  if (wrong === undefined) return;
  throw new Error(`--${flag}: there is no ${flag} "${wrong}"; there are ${Object.keys(known).join(", ")}`);
}

/** @param {string} workload @param {string} phase @param {number} threads */
function stepFlags(workload, phase, threads) {
  return ["--workload", workload, "--phase", phase, "--threads", `${threads}`, "--seconds", flags.seconds];
}

/** @param {string} workload @param {string} phase @param {number} threads @returns {Row} */
function measureRow(workload, phase, threads) {
  const args = stepFlags(workload, phase, threads);
  const ours = () =>
    targets.map((target) => ({
      ...measure([process.execPath, "auricle.mjs"], [...args, "--target", target], here),
      target,
    }));
  const before = ours();
  const others = measurePeers(workload, phase, threads);
  const after = others.length === 0 ? before : ours();
  const own = before.map((result, i) => (result.ms <= after[i].ms ? result : after[i]));
  for (const peer of others) {
    const { ms } = peer;
    if (ms === undefined) continue;
    peer.ratios = Object.fromEntries(
      own.filter((result) => result.ms).map((result) => [result.target, Number((ms / result.ms).toFixed(2))]),
    );
  }
  return { kind: "workload", table: tableOf(workload), workload, phase, threads, own, peers: others };
}

if (flags.json) console.log(JSON.stringify(machineLine()));
else printExplanation();
for (const [i, workload] of chosen.entries()) {
  const table = tableOf(workload);
  if (!flags.json && (i === 0 || tableOf(chosen[i - 1]) !== table)) printHeading(table, targets);
  for (const phase of flags.phase.split(",")) {
    for (const threads of threadCounts(flags.threads)) {
      const row = measureRow(workload, phase, threads);
      if (flags.json) console.log(JSON.stringify(row));
      else printRow(row, targets);
      // A peer may be unable to do it; Auricle may not.
      if (row.own.some(({ ms }) => ms === undefined)) process.exitCode = 1;
    }
  }
}

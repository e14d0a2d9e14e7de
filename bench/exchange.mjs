/**
 * Times the exchange of a step by its size, under the MPI that starts it: `mpirun -n 2 node bench/exchange.mjs`. From the figures of two sizes it
 * derives latency and bandwidth, and from these the speed-up of 2 to 64 hosts: `-- --step 0.05 --parameters 700000` for a step of 50 ms that
 * one rank computes for its share.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { joinRanks } from "../dist/distributed/join-ranks.js";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== "--"),
  options: {
    seconds: { type: "string", default: "1" },
    step: { type: "string", default: "0.05" },
    parameters: { type: "string", default: "700000" },
  },
});
const ranks = joinRanks();
if (!ranks) throw new Error("start it by mpirun: mpirun -n 2 node bench/exchange.mjs");

const note = new Float32Array(new ArrayBuffer(4096));

/** The median time of an exchange of so many float32, in seconds. */
async function timed(length) {
  const numbers = new Float32Array(length);
  for (let i = 0; i < 5; i++) await ranks.mean(numbers, 1, note, "warming up");
  const times = [];
  // All ranks must make the same number of exchanges: rank 0 says when it is enough.
  for (let isOver = false, began = performance.now(); !isOver;) {
    for (let i = 0; i < 10; i++) {
      const before = performance.now();
      await ranks.mean(numbers, 1, note, "measuring");
      times.push((performance.now() - before) / 1000);
    }
    const enough = performance.now() - began > 1000 * Number(values.seconds);
    [isOver] = await ranks.broadcast(Uint8Array.of(enough ? 1 : 0), "measuring");
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}

const say = (text) => ranks.rank === 0 && console.log(text);
say(`${ranks.engine}, ${ranks.size} ranks, ${cpus().length} × ${cpus()[0].model}`);
const sizes = [256, 16_384, 262_144, 786_432, 4_194_304];
const seconds = [];
for (const length of sizes) {
  seconds.push(await timed(length));
  say(
    `${((4 * length) / 2 ** 20).toFixed(3).padStart(7)} MiB  ${(1000 * seconds.at(-1)).toFixed(3).padStart(9)} ms`,
  );
}
await ranks.end();

if (ranks.rank === 0) {
  const parameters = Number(values.parameters);
  const step = Number(values.step);
  // What the ranks compute of the exchange itself: copies and sums, as measured between processes of one machine.
  const perNumber = (seconds.at(-1) - seconds[0]) / (sizes.at(-1) - sizes[0]);
  say(
    `\nModel: a step of ${1000 * step} ms on each host and ${parameters} numbers; hosts alike; each message takes 50 µs and a host's link`,
  );
  say(
    "carries 90 % of its rate both ways at once; 2·(n - 1) messages and 2·(n - 1)/n of the numbers go out of each host in a step.",
  );
  say("hosts   10 Gbit/s   100 Gbit/s   (speed-up with a batch that grows with the hosts)");
  for (const hosts of [2, 4, 8, 16, 32, 64]) {
    const at = (gigabits) => {
      const wire = (2 * ((hosts - 1) / hosts) * 4 * parameters) / ((0.9 * gigabits * 1e9) / 8);
      const exchange = wire + 2 * (hosts - 1) * 50e-6 + perNumber * parameters;
      return (hosts * step) / (step + exchange);
    };
    say(
      `${String(hosts).padStart(5)}   ${at(10).toFixed(1).padStart(9)}   ${at(100).toFixed(1).padStart(10)}`,
    );
  }
}

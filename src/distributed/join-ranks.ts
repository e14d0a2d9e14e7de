/** @file Node.js only: joins the job of MPI that this process was started in. */
import { writeSync } from "node:fs";
import { hostname } from "node:os";
import process from "node:process";
import { checkOptions } from "../options.ts";
import { Communicator, timeoutOf, type CommunicatorOptions } from "./communicator.ts";
import { launchOf } from "./launch.ts";
import { openMpi } from "./mpi-library.ts";

/**
 * Joins the other processes that `mpirun`, `mpiexec` or `srun` has started with this one.
 * @returns undefined where this process is alone
 * @throws AuricleError "unsupported" where koffi or MPI's library is missing, or is not the one of the start
 */
export function joinRanks(options: Pick<CommunicatorOptions, "timeout"> = {}): Communicator | undefined {
  checkOptions("joinRanks", options, { timeout: true });
  const launch = launchOf(process.env);
  if (!launch || launch.size === 1) return undefined;
  return new Communicator(openMpi({ ...launch, timeout: timeoutOf(options) }), {
    ...options,
    host: hostname(),
    say: (text) => void writeSync(2, text),
  });
}

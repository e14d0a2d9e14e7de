/**
 * @file Two hosts on this machine, one of which is cut off from the other: network namespaces with names and addresses of their own, joined
 * by a virtual cable. They need Linux, root, `ip` and `unshare`.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** With names of this process alone, as another clone may be checked at the same time. */
const HOSTS = [1, 2].map((number) => ({
  name: `auricle-${process.pid}-${number}`,
  address: `10.87.35.${number}`,
  cable: `auricle${number}`,
}));
const [HERE, AWAY] = HOSTS;

/** Runs a command of iproute2. @returns what went wrong, if anything did */
function ip(line) {
  const { status, stderr, error } = spawnSync("ip", line.split(" "), { encoding: "utf8" });
  return status === 0 ? undefined : `ip ${line}: ${error?.message ?? stderr}`;
}

/** Makes the hosts. Returns what keeps this machine from having them, if anything does. */
export function makeHosts() {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "only root on Linux can make hosts";
  if (spawnSync("unshare", ["--uts", "true"]).status !== 0) return "hosts cannot have names of their own";
  const lines = [
    ...HOSTS.map(({ name }) => `netns add ${name}`),
    `link add ${HERE.cable} netns ${HERE.name} type veth peer name ${AWAY.cable} netns ${AWAY.name}`,
    ...HOSTS.flatMap(({ name, address, cable }) => [
      `-n ${name} addr add ${address}/24 dev ${cable}`,
      `-n ${name} link set ${cable} up`,
      `-n ${name} link set lo up`,
    ]),
  ];
  const wrong = lines.reduce((before, line) => before ?? ip(line), undefined);
  if (wrong !== undefined) removeHosts();
  return wrong;
}

/** Ends all that runs on them, and removes them. */
export function removeHosts() {
  for (const { name } of HOSTS) {
    const { stdout } = spawnSync("ip", ["netns", "pids", name], { encoding: "utf8" });
    // Some may have ended meanwhile.
    spawnSync("kill", ["-KILL", ...(stdout ?? "").split("\n").filter(Boolean)]);
    ip(`netns delete ${name}`);
  }
}

/** Pulls the cable. */
export function cutOff() {
  ip(`-n ${AWAY.name} link set ${AWAY.cable} down`);
}

/**
 * Returns the beginning of Open MPI's command line on the first host, for a rank on each.
 * @param {string} folder for the program that starts processes on the other host, in place of SSH
 */
export function commandOnHosts(folder) {
  const on = (name) => ["ip", "netns", "exec", name, "unshare", "--uts"];
  const agent = join(folder, "start-on-host.sh");
  // Called with the address and a line for the shell.
  writeFileSync(
    agent,
    `#!/bin/sh\nshift\nexec ${on(AWAY.name).join(" ")} sh -c "hostname ${AWAY.name}; $*"\n`,
  );
  chmodSync(agent, 0o755);
  const settings = {
    plm_rsh_agent: agent,
    btl: "tcp,self",
    // How soon mpirun itself gives up a host: 5 s of silence, then 3 questions, one a second.
    oob_tcp_keepalive_time: 5,
    oob_tcp_keepalive_intvl: 1,
    oob_tcp_keepalive_probes: 3,
  };
  return [
    ...on(HERE.name),
    ...["sh", "-c", `hostname ${HERE.name}; exec "$@"`, "sh", "mpirun.openmpi"],
    ...Object.entries(settings).flatMap(([name, value]) => ["--mca", name, String(value)]),
    ...["--host", HOSTS.map(({ address }) => address).join(",")],
  ];
}

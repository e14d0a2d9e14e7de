/** @file The sections of docs/benchmarks.md as Markdown, from the lines that the benches print with --json. */

const PEER_NAMES = {
  pytorch: "PyTorch",
  "pytorch-compiled": "torch.compile",
  tensorflow: "TensorFlow",
  onnxruntime: "ONNX Runtime",
  "tfjs-cpu": "TensorFlow.js, CPU",
  "tfjs-wasm": "TensorFlow.js, WASM",
  "jax-js-wasm": "jax-js, WASM",
};
const NATIVE_PEERS = ["pytorch", "pytorch-compiled", "tensorflow", "onnxruntime"];
const PORTABLE_PEERS = ["tfjs-cpu", "tfjs-wasm", "jax-js-wasm"];

const PHASES = { train: "Training step", infer: "Inference" };

const NOTHING = "–";
const megabytes = (bytes) => (bytes === undefined ? NOTHING : Math.round(bytes / 1e6).toLocaleString("en"));
export const percent = (share) => `${Math.round(share * 100)} %`;
export const threadsText = (threads) => (threads === 1 ? "1 thread" : `${threads} threads`);

/** Three significant figures. */
export function figures(value) {
  if (value === undefined) return NOTHING;
  return value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
}

export const table = (heading, rows) =>
  [heading, heading.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

export const ofKind = (results, kind) => results.filter((line) => line.kind === kind);

/** The target that Auricle takes when it is not told: the last that was measured. */
const defaultTarget = (rows) => rows[0].own.at(-1).target;

export function machineText(results) {
  const machine = ofKind(results, "machine")[0];
  if (!machine) return "";
  const { processors, processor, memoryBytes, system, node, date, commit } = machine;
  const from = commit ? `, commit ${commit}` : "";
  return `${processors} processors (${processor}), ${Math.round(memoryBytes / 2 ** 30)} GiB, ${system}, Node.js ${node}; ${date}${from}.`;
}

function versionsText(rows) {
  const versions = new Map();
  for (const { peers } of rows) for (const peer of peers) if (peer.version) versions.set(peer.peer, peer);
  return [...versions]
    .map(
      ([name, { version, compiler }]) => `${PEER_NAMES[name]} ${version}${compiler ? ` (${compiler})` : ""}`,
    )
    .join(", ");
}

const peerOf = (row, name) => row.peers.find(({ peer }) => peer === name);

/** The peers' names of a list that some row has a result or an error of. */
const present = (rows, names) => names.filter((name) => rows.some((row) => peerOf(row, name)));

/** Milliseconds, and in brackets how many times Auricle's. */
function peerCell(peer, target) {
  if (!peer) return NOTHING;
  if (peer.ms === undefined) return /not one step/.test(peer.error) ? "too slow" : "cannot";
  const ratio = peer.ratios?.[target];
  return `${figures(peer.ms)}${ratio === undefined ? "" : ` (${figures(ratio)}×)`}`;
}

function phaseTable(rows, phase) {
  const target = defaultTarget(rows);
  const names = present(rows, NATIVE_PEERS);
  const targets = rows[0].own.map((own) => own.target);
  const heading = [
    "workload",
    "threads",
    ...targets,
    ...names.map((name) => PEER_NAMES[name]),
    "share of peak",
  ];
  const body = rows.map((row) => {
    const share = row.own.at(-1).peak;
    return [
      row.workload,
      row.threads,
      ...row.own.map(({ ms }) => figures(ms)),
      ...names.map((name) => peerCell(peerOf(row, name), target)),
      share === undefined ? NOTHING : percent(share),
    ];
  });
  return `**${PHASES[phase]}**\n\n${table(heading, body)}`;
}

/** The JavaScript libraries have one thread and no native code: beside the portable target with one thread. */
function portableTable(rows) {
  const names = present(rows, PORTABLE_PEERS);
  const single = rows.filter(({ threads }) => threads === 1);
  if (names.length === 0 || single.length === 0) return "";
  const portable = single[0].own.findLast(({ target }) => target.startsWith("wasm"))?.target;
  if (!portable) return "";
  const heading = ["workload", "phase", `Auricle, ${portable}`, ...names.map((name) => PEER_NAMES[name])];
  const body = single.map((row) => [
    row.workload,
    row.phase,
    figures(row.own.find(({ target }) => target === portable)?.ms),
    ...names.map((name) => peerCell(peerOf(row, name), portable)),
  ]);
  return `**JavaScript libraries, 1 thread**\n\n${table(heading, body)}`;
}

/** Times of the workloads of a table. Undefined when there are none. */
export function workloads(results, table) {
  const rows = workloadRows(results, table);
  if (rows.length === 0) return undefined;
  const target = defaultTarget(rows);
  const tables = Object.keys(PHASES).flatMap((phase) => {
    const own = rows.filter((row) => row.phase === phase);
    return own.length === 0 ? [] : [phaseTable(own, phase)];
  });
  return [
    `${machineText(results)} Milliseconds a step; in brackets a peer's time over Auricle's with ${target}, which is what it takes on this machine if not told otherwise. ${versionsText(rows)}.`,
    ...tables,
    portableTable(rows),
  ]
    .filter(Boolean)
    .join("\n\n");
}

const workloadRows = (results, name) => ofKind(results, "workload").filter((row) => row.table === name);

/** Memory and first steps. */
export function memory(results) {
  const all = workloadRows(results, "models");
  if (all.length === 0) return undefined;
  const most = Math.max(...all.map(({ threads }) => threads));
  const rows = all.filter(({ threads }) => threads === most);
  const names = present(rows, NATIVE_PEERS);
  const heading = [
    "workload",
    "phase",
    "first step",
    "arena",
    "process",
    ...names.map((name) => PEER_NAMES[name]),
  ];
  const body = rows.map((row) => {
    const own = row.own.at(-1);
    return [
      row.workload,
      row.phase,
      own.firstStepMs === undefined ? NOTHING : `${own.firstStepMs} ms`,
      megabytes(own.arenaBytes),
      megabytes(own.peakBytes),
      ...names.map((name) => megabytes(peerOf(row, name)?.peakBytes)),
    ];
  });
  const grown = Math.max(...all.flatMap(({ own }) => own.map(({ grownBytes }) => grownBytes ?? 0)));
  return [
    `${defaultTarget(rows)}, ${threadsText(most)}. MB; "process" and the peers' figures are the largest resident memory, libraries included. After the first step no arena grew by more than ${grown} bytes.`,
    table(heading, body),
  ].join("\n\n");
}

/** Returns the limits that the roofline shows: those for the largest number of threads measured. */
export function chosenLimits(results) {
  return ofKind(results, "limits").reduce(
    (best, limits) => (best && best.threads >= limits.threads ? best : limits),
    undefined,
  );
}

export function layersOf(results, { workload, target, threads }) {
  return ofKind(results, "layer").filter(
    (row) => row.workload === workload && row.target === target && row.threads === threads,
  );
}

function layersTable(results, limits) {
  const { workload, target, threads, gigaflops, gigabytes, sumMs, stepMs } = limits;
  const rows = layersOf(results, limits);
  const heading = ["layer", "pass", "ms", "GFLOP/s", "of peak", "MB", "GB/s", "of bandwidth"];
  const body = rows.map((row) => [
    row.layer,
    row.pass,
    figures(row.ms),
    figures(row.gigaflops),
    row.multiplies ? percent(row.peakShare) : NOTHING,
    figures(row.bytes / 1e6),
    figures(row.gigabytes),
    percent(row.bandwidthShare),
  ]);
  const parts = [...new Set(rows.filter((row) => row.parts).map((row) => `${row.layer}: ${row.parts}`))];
  return [
    `**${workload}, ${target}, ${threadsText(threads)}**: peak ${figures(gigaflops)} GFLOP/s, memory ${figures(gigabytes)} GB/s. All rows together ${figures(sumMs)} ms, a whole training step ${figures(stepMs)} ms.`,
    table(heading, body),
    `${parts.join("; ")}.`,
  ].join("\n\n");
}

export function layers(results) {
  const all = ofKind(results, "limits");
  if (all.length === 0) return undefined;
  const chart = "![Roofline: speed of each layer's pass against its arithmetic intensity](roofline.svg)";
  return [chart, ...all.map((limits) => layersTable(results, limits))].join("\n\n");
}

function scalingTable(rows) {
  const { axis, phase, target, expected } = rows[0];
  const fixed = ["batch", "channels", "image", "threads"].filter((name) => name !== axis);
  const heading = [axis, "ms", "growth", "arena, MB", "growth", "process, MB"];
  const factor = (value) => (value === undefined ? "" : `×${figures(value)}`);
  const body = rows.map(({ value, ms, growth, arenaBytes, peakBytes }) => [
    value,
    figures(ms),
    factor(growth?.time),
    arenaBytes === undefined ? NOTHING : figures(arenaBytes / 1e6),
    factor(growth?.memory),
    megabytes(peakBytes),
  ]);
  const others = fixed.map((name) => `${name} ${rows[0][name]}`).join(", ");
  return [
    `**${axis}**, ${PHASES[phase].toLowerCase()}, ${target}, ${others}. Expected at a doubling: time ×${expected.time}, memory ×${expected.memory}.`,
    table(heading, body),
  ].join("\n\n");
}

export function scaling(results) {
  const groups = new Map();
  for (const line of ofKind(results, "scaling")) {
    const name = [line.axis, line.phase, line.target].join(" ");
    groups.set(name, [...(groups.get(name) ?? []), line]);
  }
  return groups.size === 0 ? undefined : [...groups.values()].map(scalingTable).join("\n\n");
}

const zooPeer = (row, name) => row?.peers.find(({ peer }) => peer === name);

/** Milliseconds of both and in brackets the ratio. */
function zooCell(row, name) {
  const peer = zooPeer(row, name);
  if (!peer) return NOTHING;
  return peer.ms === undefined ? "cannot" : `${figures(peer.ms)} (${figures(peer.ratio)}×)`;
}

/** "least 1.2, median 2.1" of a phase's ratios. */
function spreadText(rows, phase, name) {
  const ratios = rows
    .filter((row) => row.phase === phase)
    .map((row) => zooPeer(row, name)?.ratio)
    .filter((ratio) => ratio !== undefined)
    .sort((a, b) => a - b);
  if (ratios.length === 0) return undefined;
  const median = ratios[ratios.length >> 1];
  return `${PHASES[phase].toLowerCase()} beside ${PEER_NAMES[name]}: least ${figures(ratios[0])}×, median ${figures(median)}×`;
}

function zooTable(rows, threads) {
  const heading = [
    "network",
    "batch",
    "train",
    "PyTorch",
    "of peak",
    "of bandwidth",
    "first step",
    "infer",
    "PyTorch",
    "ONNX Runtime",
    "of peak",
  ];
  const body = [...new Set(rows.map(({ network }) => network))].map((network) => {
    const of = (phase) => rows.find((row) => row.network === network && row.phase === phase);
    const [train, infer] = [of("train"), of("infer")];
    const share = (row, key) => (row ? percent(row[key]) : NOTHING);
    return [
      network,
      (train ?? infer).batch,
      figures(train?.ms),
      zooCell(train, "pytorch"),
      share(train, "peakShare"),
      share(train, "bandwidthShare"),
      // What else a busy machine does is in it.
      train && !train.busy ? `${Math.round(train.firstStepMs)} ms` : NOTHING,
      figures(infer?.ms),
      zooCell(infer, "pytorch"),
      zooCell(infer, "onnxruntime"),
      share(infer, "peakShare"),
    ];
  });
  const spreads = ["train", "infer"].flatMap((phase) =>
    ["pytorch", "onnxruntime"].map((name) => spreadText(rows, phase, name)),
  );
  const { target } = rows[0];
  return `**${threadsText(threads)}, ${target}**; ${spreads.filter(Boolean).join("; ")}.\n\n${table(heading, body)}`;
}

/** @param {readonly { busy?: boolean }[]} rows */
export const busyText = (rows) =>
  rows.some(({ busy }) => busy)
    ? " On a busy machine, each library in its turn before all other processes."
    : "";

/** Which of PyTorch's ways were measured, from the best ones' names and the versions. */
function zooPeersText(rows) {
  const found = new Map();
  for (const { peers } of rows) {
    for (const { peer, version, ways = [] } of peers) {
      const known = found.get(peer) ?? { version, ways: new Set() };
      for (const way of ways) known.ways.add(way);
      found.set(peer, known);
    }
  }
  return [...found]
    .map(([peer, { version, ways }]) => {
      const of = peer === "pytorch" ? `, the best of ${[...ways].join(", ")}` : "";
      return `${PEER_NAMES[peer]} ${version}${of}`;
    })
    .join("; ");
}

/** The zoo's networks. Undefined when there are none. */
export function zoo(results) {
  const rows = ofKind(results, "zoo");
  if (rows.length === 0) return undefined;
  const threads = [...new Set(rows.map((row) => row.threads))];
  return [
    `${machineText(results)} Milliseconds a step; in brackets a peer's time over Auricle's. ${zooPeersText(rows)}.${busyText(rows)}`,
    ...threads.map((count) =>
      zooTable(
        rows.filter((row) => row.threads === count),
        count,
      ),
    ),
  ].join("\n\n");
}

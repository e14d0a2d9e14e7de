/** @file The libraries that workloads are measured with beside Auricle, and whether they are installed. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { TABLES } from "./workloads.mjs";

const folder = fileURLToPath(new URL("peers/", import.meta.url));
const environment = fileURLToPath(new URL("../.venv/", import.meta.url));
const python = environment + (process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/**
 * @typedef {object} Peer
 * @property {string[]} command program, script in bench/peers, flags of its own
 * @property {readonly string[]} phases
 * @property {readonly string[]} tables whose workloads it builds
 * @property {boolean} threaded whether it has more than one thread
 * @property {boolean} limited whether it takes --limit: it may be so slow that not one step ends in time
 * @property {() => boolean} installed
 */

const PHASES = ["train", "infer"];

/** @type {Readonly<Record<string, Peer>>} */
export const PEERS = {
  pytorch: pythonPeer(["pytorch.py"], PHASES, Object.keys(TABLES)),
  "pytorch-compiled": pythonPeer(["pytorch.py", "--compile"], PHASES, Object.keys(TABLES)),
  tensorflow: pythonPeer(["tensorflow_keras.py"], PHASES, ["models"]),
  onnxruntime: pythonPeer(["onnx_runtime.py"], ["infer"], Object.keys(TABLES)),
  "tfjs-cpu": nodePeer(["tfjs.mjs", "--backend", "cpu"]),
  "tfjs-wasm": nodePeer(["tfjs.mjs", "--backend", "wasm"]),
  "jax-js-wasm": nodePeer(["jaxjs.mjs"]),
};

export const PEER_FOLDER = folder;

/** @param {string[]} script @param {readonly string[]} phases @param {readonly string[]} tables @returns {Peer} */
function pythonPeer(script, phases, tables) {
  const installed = () => existsSync(python);
  return { command: [python, ...script], phases, tables, threaded: true, limited: false, installed };
}

/** In Node.js they have one thread. @param {string[]} script @returns {Peer} */
function nodePeer(script) {
  const installed = () => existsSync(`${folder}node_modules`);
  const command = [process.execPath, ...script];
  return { command, phases: PHASES, tables: ["models"], threaded: false, limited: true, installed };
}

/**
 * The peers of these names, comma-separated.
 * @param {string} names
 * @returns {[string, Peer][]}
 */
export function peersNamed(names) {
  return names.split(",").map((name) => {
    const peer = PEERS[name];
    if (!peer) throw new Error(`--peers: no peer "${name}"; there are ${Object.keys(PEERS).join(", ")}`);
    return [name, peer];
  });
}

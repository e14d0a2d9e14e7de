import { usableThreads } from "auricle";
import { openMany } from "./workload.js";

openMany(Math.min(2, usableThreads())).then(postMessage, (error) => postMessage({ error: error.stack }));

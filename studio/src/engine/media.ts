/** @file The worker that decodes and computes spectrograms; one for all views, started when it is first needed. */
import { wrap, type Remote } from "comlink";
import type { Media } from "./media.worker.ts";

let worker: Remote<Media> | undefined;

export function media(): Remote<Media> {
  worker ??= wrap<Media>(new Worker(new URL("./media.worker.ts", import.meta.url), { type: "module" }));
  return worker;
}

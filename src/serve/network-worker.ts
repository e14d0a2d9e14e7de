/** @file The thread in which one version of a model computes. Node only. */

import { parentPort, workerData } from "node:worker_threads";
import { AudioModel } from "../audio-model/audio-model.ts";
import { AuricleError } from "../errors.ts";
import { ImageModel } from "../image-model/image-model.ts";
import { rolesByContent } from "../runs/provenance-file.ts";
import { factsOf, openTrainedModel, type TrainedModel } from "../runs/trained-model.ts";
import { findBitClasses, MOST_AT_ONCE } from "./bit-classes.ts";
import type { FromNetwork, OpenNetwork, SentModel, ToNetwork } from "./messages.ts";

async function sentModel(trained: TrainedModel): Promise<SentModel> {
  const { model, path, kind } = trained;
  // Says here what does not fit, before anyone asks.
  if (kind === "sound") new AudioModel(model, path);
  else new ImageModel(model, path);
  const { name, metadata, inputShapes, outputShape, layers } = model;
  const [{ layer }] = layers;
  return {
    ...factsOf(trained),
    name,
    metadata,
    inputShapes,
    outputShape,
    layers: [{ layer: { className: layer.className, config: layer.config } }],
    roles: await rolesByContent(trained),
  };
}

async function serveNetwork(port: NonNullable<typeof parentPort>): Promise<void> {
  const { place, ...options } = workerData as OpenNetwork;
  const post = (message: FromNetwork, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  const warnings: string[] = [];
  const trained = await openTrainedModel(place, options, (text) => void warnings.push(text));
  const { model } = trained;
  const [shape] = model.inputShapes;
  const predict = (data: Float32Array, count: number) =>
    model.predict({ shape: [count, ...shape], data }, { batchSize: MOST_AT_ONCE });
  const run = async (parts: readonly Float32Array[], counts: readonly number[]) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const size = parts[0].length / counts[0];
    const data = new Float32Array(total * size);
    let at = 0;
    for (const part of parts) {
      data.set(part, at);
      at += part.length;
    }
    const outputs = (await predict(data, total)).data;
    const width = outputs.length / total;
    let row = 0;
    return counts.map((count) => {
      const own = outputs.slice(row * width, (row + count) * width);
      row += count;
      return own;
    });
  };
  port.on("message", (message: ToNetwork) => {
    // The thread ends when nothing is left that it waits for.
    if (message.kind === "end") return port.close();
    run(message.parts, message.counts).then(
      (outputs) =>
        post(
          { kind: "ran", outputs },
          outputs.map(({ buffer }) => buffer),
        ),
      (error: unknown) => post({ kind: "failed", message: messageOf(error) }),
    );
  });
  const bitClasses = await findBitClasses((x) => model.predict(x, { batchSize: MOST_AT_ONCE }), shape);
  post({ kind: "ready", model: await sentModel(trained), bitClasses, warnings });
}

function messageOf(error: unknown): string {
  if (error instanceof AuricleError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

if (parentPort) {
  const port = parentPort;
  serveNetwork(port).catch((error: unknown) => {
    port.postMessage({ kind: "failed", message: messageOf(error) } satisfies FromNetwork);
    port.close();
  });
}

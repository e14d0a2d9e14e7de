/** @file `auricle export --web`: a trained model as a page. */
import { basename } from "node:path";
import type { TrainedModel } from "../../runs/index.ts";
import {
  checkWebFile,
  checkWebFolder,
  compileForWeb,
  writeWebFile,
  writeWebFolder,
  type WebSizes,
} from "../../web-export/index.ts";
import type { WeightForm } from "../../web-runtime/plan.ts";
import type { Terminal } from "../terminal.ts";
import { formatBytes } from "../text.ts";
import { warner } from "../warner.ts";
import { formatWeightsCost, weightsCost } from "../weights-cost.ts";
import { shortPath } from "./run-path.ts";

export interface WebOptions {
  /** A folder, or with `oneFile` an HTML file. */
  readonly path: string;
  readonly oneFile: boolean;
  readonly weights: WeightForm;
}

/** Before a model is read. @throws AuricleError where the place cannot be written, or holds something else */
export async function checkWebTarget({ path, oneFile }: WebOptions): Promise<void> {
  if (oneFile) checkWebFile(path);
  else await checkWebFolder(path);
}

/** Writes the model and says what came of it. @throws AuricleError as {@link checkWebTarget} */
export async function exportWeb(
  trained: TrainedModel,
  { path, oneFile, weights }: WebOptions,
  terminal: Terminal,
  json: boolean,
): Promise<void> {
  const { path: place, config, model } = trained;
  // A run has the name that its folder was given; a file that was taken out of one has its network's.
  const title = config ? basename(place) : model.name;
  const compiled = compileForWeb(model, { title, weights });
  const cost =
    weights === "float32" ? undefined : await weightsCost(trained, weights, warner(terminal, json));
  const sizes = await (oneFile ? writeWebFile(path, compiled) : writeWebFolder(path, compiled));
  if (json) terminal.printJson({ event: "export", web: path, weights, ...sizes, ...(cost && { cost }) });
  else {
    const lines = cost ? formatWeightsCost(cost, weights, trained, terminal.out) : [];
    for (const line of [...describe(path, sizes, weights, oneFile), ...lines]) terminal.print(line);
  }
}

function describe(path: string, sizes: WebSizes, weights: WeightForm, oneFile: boolean): string[] {
  return [
    `Written: ${shortPath(path)}`,
    `Size:    ${formatBytes(sizes.bytes)}, of which the model ${formatBytes(sizes.modelBytes)} with weights in ${weights}`,
    `Code:    ${formatBytes(sizes.codeBytes)} compressed before any decoder is loaded`,
    oneFile
      ? "Open the file in a browser; it needs no server."
      : `Serve the folder from any host, or try it: npx http-server ${shortPath(path)}`,
  ];
}

/** @file The recordings and pictures that runs were tested on, as contents. */

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { encodePicture } from "../../report/index.ts";
import { openTestedExamples, PREDICTIONS_NAME, type TestedExamples } from "../../runs/index.ts";
import { typeOfFormat } from "./content-types.ts";
import { fileContent, memoryContent, type Content } from "./content.ts";

/** Keeps the data of the run that was asked for last: a page asks for many of its examples at once. */
export class RunExamples {
  private last: { readonly key: string; readonly opened: Promise<TestedExamples> } | undefined;

  /** The examples of a run, without their contents. @throws AuricleError as of `openTestedExamples`. */
  async list(run: string): Promise<TestedExamples["examples"]> {
    return (await this.open(run)).examples;
  }

  /**
   * Opens the content of one example: its file as it is, or a picture of an archive as PNG.
   * @param number from 0, in the order of the list
   * @throws AuricleError where the run, its data or the example cannot be read.
   */
  async content(run: string, number: number): Promise<Content> {
    const original = await (await this.open(run)).original(number);
    if ("picture" in original) {
      const { data, ...size } = original.picture;
      return memoryContent(encodePicture({ ...size, pixels: data }), "image/png");
    }
    return fileContent(original.path, typeOfFormat(original.format));
  }

  private async open(run: string): Promise<TestedExamples> {
    const facts = await stat(join(run, PREDICTIONS_NAME)).catch(() => undefined);
    const key = [run, facts?.size, facts?.mtimeMs].join(" ");
    if (this.last?.key === key) return this.last.opened;
    const opened = openTestedExamples(run);
    this.last = { key, opened };
    // Data that are not there now may be there later.
    opened.catch(() => {
      if (this.last?.opened === opened) this.last = undefined;
    });
    return opened;
  }
}

/** @file The addresses below /datasets/: the files of data sets that lessons learn from, where they are on this machine. */

import { locateDataset, type DatasetLocation } from "../../data/index.ts";
import { fileContent, jsonContent, type Content } from "./content.ts";
import { DATA_HEADERS } from "./headers.ts";
import { refuse } from "./refuse.ts";
import { sendContent, type Exchange } from "./send-content.ts";

/** The data sets that may be asked for. */
const SERVED: readonly string[] = ["fashion-mnist"];

const LIST = "index.json";

/** A package may be installed while the studio runs. */
const FRESH = { "Cache-Control": "no-cache" };

/** Answers requests for files of data sets. No path is made of a request: both names are looked up in what was found. */
export class DatasetFiles {
  private readonly locate: (name: string) => Promise<DatasetLocation>;

  /** @param locate finds the files of a data set, whole and unchanged; default: on this machine, without a download */
  constructor(locate: (name: string) => Promise<DatasetLocation> = locateDataset) {
    this.locate = locate;
  }

  /** @param names the parts of the path after /datasets/ */
  async answer(exchange: Exchange, names: readonly string[]): Promise<void> {
    const content = await this.find(names);
    if (content) await sendContent(exchange, content, { ...DATA_HEADERS, ...FRESH });
    else refuse(exchange.response, { status: 404, reason: "the studio has no such file of a data set" });
  }

  private async find([name, file, ...others]: readonly string[]): Promise<Content | undefined> {
    if (name === LIST && file === undefined) return jsonContent({ datasets: await this.list() });
    if (!SERVED.includes(name) || others.length > 0) return undefined;
    const found = (await this.locate(name)).files.find((one) => one.file.name === file);
    return found?.path === undefined ? undefined : fileContent(found.path, "application/octet-stream");
  }

  /** The data sets of which all files are here, with their names. */
  private async list(): Promise<{ readonly name: string; readonly files: readonly string[] }[]> {
    const locations = await Promise.all(SERVED.map((name) => this.locate(name)));
    return locations
      .filter(({ files }) => files.every(({ path }) => path !== undefined))
      .map(({ name, files }) => ({ name, files: files.map(({ file }) => file.name) }));
  }
}

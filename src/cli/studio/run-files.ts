/** @file The addresses below /runs/: the list of runs, the files of each, and the examples that it was tested on. */

import { AuricleError } from "../../errors.ts";
import { hasRun, REPORT_NAME, RUN_FILE_NAMES } from "../../runs/index.ts";
import type { Session } from "../../session/index.ts";
import { typeOfName } from "./content-types.ts";
import { fileContent, jsonContent, type Content } from "./content.ts";
import { DATA_HEADERS, REPORT_HEADERS } from "./headers.ts";
import { findFile, findListed } from "./listed-path.ts";
import { refuse } from "./refuse.ts";
import { RunExamples } from "./run-examples.ts";
import { listRunFiles } from "./run-list.ts";
import { sendContent, type Exchange } from "./send-content.ts";

/** The name of a list: of the runs, and of a run's examples. */
const LIST = "index.json";
const EXAMPLES = "examples";

/** Everything changes with the next epoch, or the next run: a browser asks each time. */
const FRESH = { "Cache-Control": "no-cache" };

/** A content with the headers of its kind, or why there is none. */
type Found = { readonly content: Content; readonly isReport?: boolean } | { readonly missing: string };

/** Answers requests for what is below one folder. */
export class RunFiles {
  private readonly folder: string;
  private readonly session: Pick<Session, "runs">;
  private readonly examples = new RunExamples();

  constructor(folder: string, session: Pick<Session, "runs">) {
    this.folder = folder;
    this.session = session;
  }

  /** @param names the parts of the path after /runs/ */
  async answer(exchange: Exchange, names: readonly string[]): Promise<void> {
    const found = await this.find(names).catch(missingOf);
    if ("missing" in found) {
      refuse(exchange.response, { status: 404, reason: found.missing });
      return;
    }
    const headers = found.isReport ? REPORT_HEADERS : DATA_HEADERS;
    await sendContent(exchange, found.content, { ...headers, ...FRESH });
  }

  private async find(names: readonly string[]): Promise<Found> {
    if (names.length === 1 && names[0] === LIST) {
      return { content: jsonContent(await listRunFiles(this.session, this.folder)) };
    }
    const name = names[names.length - 1];
    const [folders, isExample] =
      names[names.length - 2] === EXAMPLES && isExampleName(name)
        ? [names.slice(0, -2), true]
        : [names.slice(0, -1), false];
    const run = await findListed(this.folder, folders);
    if (run === undefined || !(await hasRun(run))) return { missing: "no such run" };
    return isExample ? this.findExample(run, name) : findRunFile(run, name);
  }

  private async findExample(run: string, name: string): Promise<Found> {
    if (name === LIST) return { content: jsonContent({ examples: await this.examples.list(run) }) };
    return { content: await this.examples.content(run, Number(name)) };
  }
}

/** A number from 0, or the list of all. */
function isExampleName(name: string): boolean {
  return name === LIST || /^(0|[1-9]\d{0,8})$/.test(name);
}

async function findRunFile(run: string, name: string): Promise<Found> {
  if (!RUN_FILE_NAMES.includes(name)) return { missing: "the studio shows no such file of a run" };
  const path = await findFile(run, [name]);
  if (path === undefined) return { missing: `the run has no ${name}` };
  return { content: await fileContent(path, typeOfName(name)), isReport: name === REPORT_NAME };
}

/** Damaged runs, and recordings that are gone, are no faults of the server. */
function missingOf(error: unknown): Found {
  if (error instanceof AuricleError) return { missing: error.message };
  throw error;
}

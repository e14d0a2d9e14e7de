/** @file The studio's server: the app, the runs of a folder, and data sets that are here, for the browsers of this machine. */

import { createServer, type RequestListener } from "node:http";
import { errorCode } from "../../io/atomic-file.ts";
import type { Session } from "../../session/index.ts";
import { answerApp } from "./app-files.ts";
import { DatasetFiles } from "./dataset-files.ts";
import { listen, type Listening } from "./listen.ts";
import { namesOf } from "./listed-path.ts";
import { refuse } from "./refuse.ts";
import { isFollowedLink, refusalOf } from "./request-rules.ts";
import { RunFiles } from "./run-files.ts";
import type { Exchange } from "./send-content.ts";

export interface StudioOptions {
  /** The folder that the app's build leaves. */
  readonly app: string;
  /** The folder of the runs; it need not be there yet. */
  readonly runs: string;
  readonly session: Pick<Session, "runs">;
  /** Default: those of this machine. */
  readonly datasets?: DatasetFiles;
  /** Default: a fixed one, or one of the next if it is taken; 0: any that is free. */
  readonly port?: number;
  /** Called with what kept a request from being answered, such as a disk that fails. */
  readonly onError: (error: unknown) => void;
}

/** The codes of Node.js for a client that goes away before the end, as a player does that is told to seek. */
const GONE = [
  "ERR_STREAM_PREMATURE_CLOSE",
  "ERR_STREAM_UNABLE_TO_PIPE",
  "ERR_STREAM_DESTROYED",
  "ECONNRESET",
  "EPIPE",
];

/** Starts the server. @throws AuricleError "argument" where the port is taken or not allowed. */
export function serveStudio(options: StudioOptions): Promise<Listening> {
  const { onError, port } = options;
  const answer = answerer(options);
  const listener: RequestListener = (request, response) => {
    answer({ request, response }).catch((error: unknown) => {
      if (GONE.includes(errorCode(error) ?? "")) return;
      onError(error);
      fail({ request, response });
    });
  };
  return listen(() => createServer(listener), port);
}

function answerer({
  app,
  runs,
  session,
  datasets = new DatasetFiles(),
}: StudioOptions): (exchange: Exchange) => Promise<void> {
  /** The folders of data, by the first part of a path. */
  const folders = new Map<string, Pick<RunFiles, "answer">>([
    ["runs", new RunFiles(runs, session)],
    ["datasets", datasets],
  ]);
  return async (exchange) => {
    const { request, response } = exchange;
    const refusal = refusalOf(request);
    if (refusal) return refuse(response, refusal);
    const names = namesOf(request.url ?? "");
    if (!names) return refuse(response, { status: 400, reason: "not an address that the studio has" });
    const data = folders.get(names[0]);
    if (!data) return answerApp(exchange, app, names);
    if (isFollowedLink(request)) {
      return refuse(response, {
        status: 403,
        reason: "files of runs and data sets are opened from the studio's own pages",
      });
    }
    return data.answer(exchange, names.slice(1));
  };
}

/** Says that the fault is here; an answer that has begun is broken off, so that nobody takes it for whole. */
function fail({ response }: Exchange): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  refuse(response, { status: 500, reason: "the studio could not read it; the terminal says why" });
}

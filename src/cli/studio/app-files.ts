/** @file The app: the files of the folder that its build leaves. */

import { typeOfName } from "./content-types.ts";
import { fileContent } from "./content.ts";
import { APP_HEADERS } from "./headers.ts";
import { findFile } from "./listed-path.ts";
import { refuse } from "./refuse.ts";
import { sendContent, type Exchange } from "./send-content.ts";

export const START_PAGE = "index.html";

/** Names that the build gives to files by their contents, such as assets/main-B3fk_9aQ.js. */
const NAMED_BY_CONTENT = /-[\w-]{8}\.\w+$/;

const SECONDS_OF_A_YEAR = 365 * 24 * 60 * 60;

/**
 * Answers with a file of the app.
 * @param names the parts of its path; a single empty one for the start page
 */
export async function answerApp(exchange: Exchange, folder: string, names: readonly string[]): Promise<void> {
  const isStart = names.length === 1 && names[0] === "";
  const path = await findFile(folder, isStart ? [START_PAGE] : names);
  if (path === undefined) {
    refuse(exchange.response, { status: 404, reason: "the studio has no such page or file" });
    return;
  }
  const isLasting = names[0] === "assets" && NAMED_BY_CONTENT.test(names[names.length - 1]);
  await sendContent(exchange, await fileContent(path, typeOfName(path)), {
    ...APP_HEADERS,
    "Cache-Control": isLasting ? `public, max-age=${SECONDS_OF_A_YEAR}, immutable` : "no-cache",
  });
}

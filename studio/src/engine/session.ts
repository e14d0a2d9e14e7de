/** @file The session that opens models and data, trains and explains; one for the page, started when it is first needed. */
import { connectSession, type Session } from "auricle/session";

let session: Session | undefined;

export function theSession(): Session {
  session ??= connectSession(new Worker(new URL("./session.worker.ts", import.meta.url), { type: "module" }));
  return session;
}

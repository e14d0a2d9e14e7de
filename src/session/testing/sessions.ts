/** @file Both ways to use a session, for tests. */

import { afterAll } from "vitest";
import { connectSession } from "../connect-session.ts";
import { openSession } from "../open-session.ts";
import { serveSession } from "../serve-session.ts";
import type { Session } from "../session.ts";

/** A session in this thread, and one over a channel, which is closed when the tests of the file are done. */
export function bothSessions(): readonly (readonly [where: string, session: Session])[] {
  const { port1, port2 } = new MessageChannel();
  serveSession(port2);
  afterAll(() => port1.close());
  return [
    ["in the same thread", openSession()],
    ["over a channel", connectSession(port1)],
  ];
}

/** @file Whether the tab or worker that holds something still runs. `owner-node.ts` is the same for Node.js. */

import type { Owner, OwnName } from "./owner.ts";
import { holdLock, isHeld } from "./web-lock-browser.ts";

/** The name of this site. */
export const hostName = (): string => location.origin;

/** Names this tab or worker, by a lock that it holds as long as it lives. */
export async function nameOwner(): Promise<OwnName> {
  const id = crypto.randomUUID();
  const release = await holdLock(lockName(id));
  return {
    text: JSON.stringify({ pid: 0, host: hostName(), id } satisfies Owner),
    forget: async () => release?.(),
  };
}

/** Whether an owner runs. */
export function mayRun({ id }: Owner): Promise<boolean> {
  return isHeld(lockName(id));
}

function lockName(id: string): string {
  return `auricle owner ${id}`;
}

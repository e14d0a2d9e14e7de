/** @file The process that holds a lock, as the lock's file names it. Browser-safe. */

import * as z from "zod/mini";

const ownerSchema = z.object({
  pid: z.number(),
  host: z.string(),
  /** Tells apart two owners with the same process id. */
  id: z.string(),
  /** The boot id of the kernel: the same in all containers of a machine, new at each start. Linux only. */
  boot: z.optional(z.string()),
  /** The process id namespace in which `pid` is valid. Linux only. */
  namespace: z.optional(z.string()),
  /** The start time of the process, in the system's own format. */
  started: z.optional(z.string()),
  /** The name of a socket in the folder on which the owner listens as long as it lives. Linux only. */
  socket: z.optional(z.string()),
});

export type Owner = z.infer<typeof ownerSchema>;

/** This process as the owner of a lock. */
export interface OwnName {
  /** The contents of the lock file. */
  readonly text: string;
  /** Withdraws the name; to be called when the lock is released. */
  forget(): Promise<void>;
}

/** The owner that a lock's content names; undefined where the content is not whole. */
export function parseOwner(content: string): Owner | undefined {
  try {
    return ownerSchema.safeParse(JSON.parse(content)).data;
  } catch {
    return undefined;
  }
}

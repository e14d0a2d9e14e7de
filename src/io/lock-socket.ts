/**
 * @file A socket in a folder at which a process listens as long as it lives. The kernel closes it with the process, however
 * that ends, and answers for it across containers, where process ids tell nothing, and while its owner computes. Linux
 * only.
 */

import { open, rm, type FileHandle } from "node:fs/promises";
import { createServer, connect, type Server } from "node:net";
import { join } from "node:path";
import { errorCode } from "./atomic-file.ts";

export interface FolderSocket {
  /** Ends listening, and removes the socket. */
  close(): Promise<void>;
}

/** Listens; undefined where the file system has no sockets. */
export async function listenInFolder(folder: string, name: string): Promise<FolderSocket | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(folder);
  } catch {
    // Whatever is wrong with the folder is said by who writes into it.
    return undefined;
  }
  const server = createServer((connection) => connection.destroy());
  try {
    await listening(server, pathThrough(handle, name));
  } catch {
    await handle.close();
    return undefined;
  }
  // It keeps no process alive that has nothing else to do.
  server.unref();
  return {
    async close() {
      // Closing removes the socket by its path, which leads through the folder's handle.
      await new Promise((resolve) => server.close(resolve));
      await handle.close();
      await rm(join(folder, name), { force: true });
    },
  };
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
}

/** Whether the process that made a socket in a folder lives; true where that cannot be known. */
export async function someoneListens(folder: string, name: string): Promise<boolean> {
  const handle = await open(folder);
  try {
    return await new Promise((resolve) => {
      const connection = connect(pathThrough(handle, name));
      connection.once("connect", () => {
        connection.destroy();
        resolve(true);
      });
      connection.once("error", (error) =>
        resolve(!["ECONNREFUSED", "ENOENT"].includes(errorCode(error) ?? "")),
      );
    });
  } finally {
    await handle.close();
  }
}

/** A path below a folder in the 107 bytes that a socket's path may have, however long the folder's own is. */
function pathThrough({ fd }: FileHandle, name: string): string {
  return `/proc/self/fd/${fd}/${name}`;
}

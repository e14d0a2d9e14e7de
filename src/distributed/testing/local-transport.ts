/** @file Ranks in one process, so that what they do together can be tested where there is no MPI. */
import { AuricleError } from "../../errors.ts";
import { Communicator, type CommunicatorOptions } from "../communicator.ts";
import type { Pending, Transport } from "../transport.ts";

/** A job of ranks in this process: what each has said, and with which code it was ended. */
export interface LocalJob {
  readonly ranks: readonly Communicator[];
  readonly said: string[];
  /** The code that one of them has ended it with. */
  readonly code: number | undefined;
  /** The ranks that have ended in good order. */
  readonly ended: number[];
}

interface Message {
  readonly bytes: Uint8Array;
  isTaken: boolean;
}

/** @param size how many ranks there are */
export function localJob(size: number, options: Partial<CommunicatorOptions> = {}): LocalJob {
  const channels = new Map<string, Message[]>();
  const said: string[] = [];
  const ended: number[] = [];
  let code: number | undefined;
  const channel = (from: number, to: number, tag: number) => {
    const key = `${from} ${to} ${tag}`;
    const known = channels.get(key) ?? [];
    channels.set(key, known);
    return known;
  };
  const checkGoing = () => {
    if (code !== undefined) throw new AuricleError("unsupported", `the job was ended with code ${code}`);
  };
  const transportOf = (rank: number): Transport => ({
    rank,
    size,
    engine: "this process",
    send(bytes, to, tag): Pending {
      const message = { bytes: bytes.slice(), isTaken: false };
      channel(rank, to, tag).push(message);
      return {
        other: to,
        isDone() {
          checkGoing();
          return message.isTaken;
        },
      };
    },
    receive(into, from, tag): Pending {
      const place = receivers.get(`${from} ${rank} ${tag}`) ?? 0;
      receivers.set(`${from} ${rank} ${tag}`, place + 1);
      let isDone = false;
      return {
        other: from,
        isDone() {
          checkGoing();
          const message = channel(from, rank, tag)[place];
          if (!isDone && message) {
            if (message.bytes.length > into.length) throw new Error("a message is longer than its place");
            into.set(message.bytes);
            message.isTaken = true;
            isDone = true;
          }
          return isDone;
        },
      };
    },
    end: () => void ended.push(rank),
    abort(given) {
      code ??= given;
    },
  });
  const receivers = new Map<string, number>();
  const ranks = Array.from({ length: size }, (_, rank) => {
    const { host = `host-${rank}`, say = (text: string) => void said.push(text), timeout } = options;
    return new Communicator(transportOf(rank), { host, say, timeout });
  });
  return {
    ranks,
    said,
    ended,
    get code() {
      return code;
    },
  };
}

/** Does the same on all ranks at once. @returns what comes out, by rank */
export function onRanks<Result>(
  { ranks }: LocalJob,
  work: (ranks: Communicator) => Promise<Result>,
): Promise<Result[]> {
  return Promise.all(ranks.map(work));
}

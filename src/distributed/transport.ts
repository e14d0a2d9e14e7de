/** @file Messages between ranks, below the exchanges that are made of them. Browser-safe. */

/** A message on its way. */
export interface Pending {
  /** The rank at the other end. */
  readonly other: number;
  /** Whether its memory may be used again; moves messages on. @throws AuricleError "unsupported" where it failed */
  isDone(): boolean;
}

/** Carries messages. Those between two ranks with one tag arrive in the order in which they were sent. */
export interface Transport {
  readonly rank: number;
  readonly size: number;
  /** For messages: "Open MPI 4.1.4". */
  readonly engine: string;
  /** @param bytes must stay as they are until it is done */
  send(bytes: Uint8Array, to: number, tag: number): Pending;
  /** @param into at least as long as the message */
  receive(into: Uint8Array, from: number, tag: number): Pending;
  /** Ends it in good order; waits for all ranks. */
  end(): void;
  /** Ends all ranks at once, with this exit code. */
  abort(code: number): void;
}

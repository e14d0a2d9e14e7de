/** Which part of the library found the fault. Programs can branch on it; people read the message. */
export type ErrorCode =
  | "shape" // the shapes of tensors do not fit each other or the operation
  | "argument" // an option or argument has a value that makes no sense
  | "data" // a data set, a label or a number in the data is unusable
  | "file" // a file is missing, corrupt, truncated or cannot be written
  | "numeric" // a NaN or an infinity arose
  | "unsupported"; // this machine or browser cannot do what was asked

/**
 * The one error class of Auricle. A message says where, what must hold, what came, and what to do:
 * `conv2d: input channels must equal filter channels x groups; got input [8,32,32,3], filter [3,3,4,16]`.
 */
export class AuricleError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "AuricleError";
    this.code = code;
  }
}

import { describe, expect, it } from "vitest";
import { checkOptions, unknownOption } from "./options.ts";

interface Options {
  readonly learningRate?: number;
  readonly momentum?: number;
}

const NAMES = { learningRate: true, momentum: true } as const;

/** Options as a program without types would give them. */
function check(options: unknown, before?: string): void {
  checkOptions("sgd", options as Options, NAMES, before);
}

describe("checkOptions", () => {
  it("lets known names pass, undefined values too", () => {
    check({});
    check({ momentum: 0.9, learningRate: undefined });
  });

  it.each([
    ["momentun", 'sgd: options are learningRate, momentum; got "momentun"; did you mean "momentum"?'],
    ["learning_rate", 'did you mean "learningRate"?'],
    ["lr", 'did you mean "learningRate"?'],
    ["colour", 'sgd: options are learningRate, momentum; got "colour"'],
  ])("refuses %s", (name, message) => {
    expect(() => check({ [name]: 1 })).toThrow(message);
  });

  it.each([
    [0.5, "sgd: options must be an object, as sgd({ learningRate: 0.5 }); got 0.5"],
    ["0.5", 'as sgd({ learningRate: "0.5" }); got "0.5"'],
    [[0.5], "as sgd({ learningRate: [0.5] }); got [0.5]"],
    [null, "sgd: options must be an object, as sgd({ learningRate: null }); got null"],
    [undefined, "sgd: options must be an object, as sgd({ learningRate: … }); got nothing"],
    [new Float32Array(2), "got Float32Array"],
    [() => 1, "got a function"],
  ])("refuses %s in place of an object", (options, message) => {
    expect(() => check(options)).toThrow(message);
  });

  it("shows the arguments before the options", () => {
    expect(() => check(2, "x, ")).toThrow("as sgd(x, { learningRate: 2 })");
  });

  it("says that a function without options has none", () => {
    expect(unknownOption("zeros", "value", []).message).toBe('zeros: has no options; got "value"');
  });
});

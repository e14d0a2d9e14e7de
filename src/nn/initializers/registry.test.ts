import { describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { Generator } from "../../random/generator.ts";
import {
  constant,
  heNormal,
  INITIALIZER_NAMES,
  initializerFromConfig,
  initializerOf,
  lecun1998,
  ones,
  orthogonal,
  randomNormal,
  randomUniform,
  truncatedNormal,
  varianceScaling,
  zeros,
  type Initializer,
  type InitializerConfig,
  type InitializerName,
} from "./index.ts";

function draw(initializer: Initializer): Float32Array {
  return initializer.initialize([6, 5], new Generator(1));
}

/** An initializer as a file written by someone else may hold it. */
function parsed(json: string): InitializerConfig {
  return JSON.parse(json);
}

describe("initializers through JSON", () => {
  it.each([
    zeros(),
    ones(),
    constant({ value: 0.125 }),
    randomUniform({ minval: -1, maxval: 3 }),
    randomNormal({ mean: 1, stddev: 2 }),
    truncatedNormal({ mean: -1, stddev: 0.5 }),
    varianceScaling({ scale: 3, mode: "fanOut", distribution: "uniform" }),
    varianceScaling({ distribution: "normal" }),
    heNormal(),
    lecun1998(),
    orthogonal({ gain: 1.5 }),
  ])("$name $config comes back and draws the same bits", (initializer) => {
    const restored = initializerFromConfig(parsed(JSON.stringify(initializer)));
    expect(restored.name).toBe(initializer.name);
    expect(restored.config).toEqual(initializer.config);
    expect(draw(restored)).toEqual(draw(initializer));
  });

  it.each([
    { json: '{"name":"constant","config":{}}', message: /constant: value .* got nothing/ },
    { json: '{"name":"constant","config":{"value":"1"}}', message: /constant: value .* got "1"/ },
    { json: '{"name":"randomNormal","config":{"mean":0,"stddev":-2}}', message: /stddev .* got -2/ },
    { json: '{"name":"truncatedNormal","config":{"mean":null,"stddev":1}}', message: /mean .* got null/ },
    { json: '{"name":"randomUniform","config":{"minval":1}}', message: /minval 1, maxval 0.05/ },
    { json: '{"name":"randomUniform","config":{"low":1}}', message: /options are minval, maxval; got "low"/ },
    { json: '{"name":"heNormal","config":{"seed":1}}', message: /heNormal: has no options; got "seed"/ },
    { json: '{"name":"orthogonal","config":{"gain":1e999}}', message: /gain .* got Infinity/ },
    { json: '{"name":"xavier","config":{}}', message: /one of zeros, .*glorotUniform.*; got "xavier"/ },
    { json: '{"name":"toString","config":{}}', message: /got "toString"/ },
    {
      json: '{"name":"varianceScaling","config":{"scale":1,"mode":"fan_in","distribution":"uniform"}}',
      message: /mode must be one of fanIn, fanOut, fanAvg; got "fan_in"/,
    },
  ])("refuses $json", ({ json, message }) => {
    expect(() => initializerFromConfig(parsed(json))).toThrow(AuricleError);
    expect(() => initializerFromConfig(parsed(json))).toThrow(message);
  });
});

describe("initializerOf", () => {
  it.each(INITIALIZER_NAMES)("takes the name %s for that initializer with its defaults", (name) => {
    const initializer = initializerOf(name);
    expect(initializer.name).toBe(name);
    expect(draw(initializerFromConfig(initializer))).toEqual(draw(initializer));
  });

  it("takes an initializer for itself", () => {
    const initializer = constant({ value: 2 });
    expect(initializerOf(initializer)).toBe(initializer);
  });

  it("refuses other names, and says what constant needs", () => {
    // What arrives from JavaScript or from a file has no checked type.
    const [unknown, needy]: InitializerName[] = JSON.parse('["he_normal", "constant"]');
    expect(() => initializerOf(unknown)).toThrow(
      /initializer: name must be one of .*heNormal.*; got "he_normal"; did you mean "heNormal"/,
    );
    expect(() => initializerOf(needy)).toThrow(/got "constant"; constant needs its parameters/);
  });
});

describe("parameters that make no sense", () => {
  it.each([
    { make: () => constant({ value: NaN }), message: /constant: value must be a finite number; got NaN/ },
    { make: () => randomUniform({ minval: 1, maxval: 0 }), message: /minval 1, maxval 0/ },
    {
      make: () => randomNormal({ stddev: -1 }),
      message: /randomNormal: stddev must not be negative; got -1/,
    },
    { make: () => truncatedNormal({ stddev: -1 }), message: /truncatedNormal: stddev/ },
    { make: () => varianceScaling({ scale: 0 }), message: /varianceScaling: scale must be above 0; got 0/ },
    { make: () => orthogonal({ gain: Infinity }), message: /orthogonal: gain .* got Infinity/ },
  ])("$message", ({ make, message }) => {
    expect(make).toThrow(AuricleError);
    expect(make).toThrow(message);
  });
});

/** @file Layers without weights in PyTorch: branches that join, borders, shapes, noise. Browser-safe. */

import { padded } from "./convolutions.ts";
import { python, stateless, torchAxis, type LayerRule } from "./torch-module.ts";

/** Joins two or more inputs by an operator or a function of two. */
function joined(join: (a: string, b: string) => string): LayerRule {
  return ({ flattened }) => (flattened ? "flattened inputs" : stateless((inputs) => inputs.reduce(join)));
}

const average: LayerRule = () => stateless((inputs) => `(${inputs.join(" + ")}) / ${inputs.length}`);

const concatenate: LayerRule = ({ config, inputShapes: [shape] }) => {
  const axis = torchAxis(config.number("axis"), shape.length + 1);
  return stateless((inputs) => `torch.cat([${inputs.join(", ")}], dim=${axis})`);
};

/** Puts channels last, does something, and puts them first again, where there are places. */
function channelsLast(rank: number, x: string): string {
  return rank > 1 ? `${x}.movedim(1, -1)` : x;
}

function channelsFirst(rank: number, x: string): string {
  return rank > 1 ? `${x}.movedim(-1, 1)` : x;
}

const flatten: LayerRule = ({ inputShapes: [shape], flattensChannelsFirst }) =>
  stateless(([x]) =>
    flattensChannelsFirst || shape.length === 1
      ? `${x}.flatten(1)`
      : `${channelsLast(shape.length, x)}.flatten(1)`,
  );

const reshape: LayerRule = ({ inputShapes: [shape], outputShape }) =>
  stateless(([x]) =>
    channelsFirst(
      outputShape.length,
      `${channelsLast(shape.length, x)}.reshape(-1, ${outputShape.join(", ")})`,
    ),
  );

const permute: LayerRule = ({ config, inputShapes: [shape] }) =>
  stateless(([x]) =>
    channelsFirst(
      shape.length,
      `${channelsLast(shape.length, x)}.permute(0, ${config.numbers("dims").join(", ")})`,
    ),
  );

const zeroPadding: LayerRule = ({ config }) =>
  stateless(([x]) =>
    padded(
      x,
      config.lists("padding").map(([before, after]) => [before, after]),
    ),
  );

const reflectionPadding: LayerRule = ({ config }) =>
  stateless(([x]) =>
    padded(
      x,
      config.lists("padding").map(([before, after]) => [before, after]),
      ', mode="reflect"',
    ),
  );

const cropping: LayerRule = ({ config }) =>
  stateless(([x]) =>
    padded(
      x,
      config.lists("cropping").map(([before, after]) => [-before || 0, -after || 0]),
    ),
  );

const upSampling: LayerRule = ({ config }) => {
  const size = config.numbers("size");
  const isBilinear = config.has("interpolation") && config.text("interpolation") === "bilinear";
  const mode = isBilinear ? 'mode="bilinear", align_corners=False' : 'mode="nearest"';
  const factor = `(${size.join(", ")}${size.length === 1 ? "," : ""})`;
  return stateless(([x]) => `F.interpolate(${x}, scale_factor=${factor}, ${mode})`);
};

const resizing: LayerRule = ({ config }) => {
  const size = `(${config.number("height")}, ${config.number("width")})`;
  const nearest = config.text("interpolation") === "nearest";
  const antialias = config.flag("antialias") && !nearest ? ", antialias=True" : "";
  const mode = nearest ? 'mode="nearest-exact"' : `mode="bilinear", align_corners=False${antialias}`;
  return stateless(([x]) => `F.interpolate(${x}, size=${size}, ${mode})`);
};

const rescaling: LayerRule = ({ config }) => {
  const offset = config.number("offset");
  return stateless(
    ([x]) => `${python(config.number("scale"))} * ${x}${offset === 0 ? "" : ` + ${python(offset)}`}`,
  );
};

/** A module that acts in training alone. */
function noise(module: (rate: string) => string, option: string, helpers: readonly string[] = []): LayerRule {
  return ({ config, name }) => ({
    modules: [{ suffix: "", code: module(python(config.number(option))), tensors: [] }],
    helpers,
    forward: ([x]) => `self.${name}(${x})`,
  });
}

export const ARRANGEMENT_RULES: Readonly<Record<string, LayerRule>> = {
  Add: joined((a, b) => `${a} + ${b}`),
  AlphaDropout: noise((rate) => `nn.AlphaDropout(${rate})`, "rate"),
  Average: average,
  Concatenate: concatenate,
  Cropping1D: cropping,
  Cropping2D: cropping,
  Dropout: noise((rate) => `nn.Dropout(${rate})`, "rate"),
  Flatten: flatten,
  GaussianDropout: noise((rate) => `GaussianDropout(${rate})`, "rate", ["GaussianDropout"]),
  GaussianNoise: noise((deviation) => `GaussianNoise(${deviation})`, "stddev", ["GaussianNoise"]),
  Maximum: joined((a, b) => `torch.maximum(${a}, ${b})`),
  Minimum: joined((a, b) => `torch.minimum(${a}, ${b})`),
  Multiply: joined((a, b) => `${a} * ${b}`),
  Permute: permute,
  ReflectionPadding1D: reflectionPadding,
  ReflectionPadding2D: reflectionPadding,
  Rescaling: rescaling,
  Reshape: reshape,
  Resizing: resizing,
  SpatialDropout1D: noise((rate) => `nn.Dropout1d(${rate})`, "rate"),
  SpatialDropout2D: noise((rate) => `nn.Dropout2d(${rate})`, "rate"),
  Subtract: joined((a, b) => `${a} - ${b}`),
  UpSampling1D: upSampling,
  UpSampling2D: upSampling,
  ZeroPadding1D: zeroPadding,
  ZeroPadding2D: zeroPadding,
};

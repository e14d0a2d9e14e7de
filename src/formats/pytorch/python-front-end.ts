/**
 * @file A front end as a module of PyTorch: waveforms in, the features of this library out. Computed in double precision, as quiet
 * sounds need it before a logarithm. Browser-safe.
 */
import {
  frontEndConfig,
  type AmplitudeScale,
  type ConstantQConfig,
  type DeltaConfig,
  type FrontEndConfig,
  type FrontEndOptions,
  type MelSpectrogramConfig,
  type MfccConfig,
} from "../../audio/front-end/config.ts";
import { savitzkyGolay } from "../../audio/front-end/deltas.ts";
import { framingOf } from "../../audio/front-end/frames.ts";

/** The name of the class that {@link pythonFrontEnd} writes. */
export const FRONT_END_CLASS = "FrontEnd";

type FourierConfig = Exclude<FrontEndConfig, { readonly kind: "waveform" | "constantQ" }>;

/** Code of a class and of the functions that it calls; it needs `math`, `torch`, `F` and `nn`. */
export function pythonFrontEnd(options: FrontEndOptions): string {
  const config = frontEndConfig(options);
  const parts = partsOf(config);
  const buffers = parts.buffers.map(
    ([name, code]) => `        self.register_buffer("${name}", ${code}, persistent=False)\n`,
  );
  const lines = ["x = waveform.double()", ...parts.lines].map((line) => `        ${line}\n`).join("");
  return `${parts.functions.map((code) => `${code}\n\n\n`).join("")}class ${FRONT_END_CLASS}(nn.Module):
    """Waveforms [N, samples] from -1 to 1, one channel at ${config.sampleRate} Hz, to features [N, ${parts.shape}].

    Take it on the whole recording, and cut the features into windows afterwards${parts.wholeNote}.
    """

    def __init__(self):
        super().__init__()
${buffers.join("")}
    def forward(self, waveform):
${lines}`.replace(/^ {8}super\(\).__init__\(\)\n\n {4}def/m, "        super().__init__()\n\n    def");
}

interface Parts {
  readonly functions: readonly string[];
  /** Tables: name and the expression that computes it. */
  readonly buffers: readonly (readonly [name: string, code: string])[];
  /** From x, the waveforms in double precision, to what is returned. */
  readonly lines: readonly string[];
  /** The axes of the features behind the batch. */
  readonly shape: string;
  readonly wholeNote: string;
}

function partsOf(config: FrontEndConfig): Parts {
  switch (config.kind) {
    case "waveform":
      return {
        functions: [],
        buffers: [],
        lines: ["return x[:, None].float()"],
        shape: "1, samples",
        wholeNote: "",
      };
    case "complexSpectrogram":
      return {
        functions: [],
        buffers: [windowBuffer(config)],
        lines: [...spectrumLines(config), "return torch.stack([x.real, x.imag], 1).transpose(2, 3).float()"],
        shape: `2, time, ${config.fftSize / 2 + 1}`,
        wholeNote: "",
      };
    case "spectrogram": {
      const last = config.bins < config.fftSize / 2 + 1 ? [`x = x[:, :${config.bins}]`] : [];
      return featureParts(config, config.bins, {
        functions: [],
        buffers: [windowBuffer(config)],
        lines: [...spectrumLines(config), magnitude(config.power)],
        last,
      });
    }
    case "melSpectrogram":
      return featureParts(config, config.melBands, melParts(config));
    case "mfcc":
      return featureParts(config, config.coefficients, cepstrumParts(config));
    case "constantQ":
      return featureParts({ ...config, power: 1 }, config.bins, {
        functions: [constantQFunction(config)],
        buffers: [],
        lines: ["x = constant_q(x)"],
        last: [],
      });
  }
}

interface Analysis extends Pick<Parts, "functions" | "buffers" | "lines"> {
  /** Behind the scale. */
  readonly last: readonly string[];
}

interface Scaled {
  readonly scale: AmplitudeScale;
  readonly deltas: DeltaConfig | null;
  readonly power: 1 | 2;
}

/** The parts behind the bands `[N, F, T]`: scale, projection, derivatives, axes. */
function featureParts(
  { scale, deltas, power }: Scaled,
  bins: number,
  { functions, buffers, lines, last }: Analysis,
): Parts {
  const isRelative = scale.kind === "decibels" && (scale.reference === "max" || scale.topDb !== null);
  const end = deltas ? deltaLines(deltas) : ["return x[:, None].transpose(2, 3).float()"];
  return {
    functions,
    buffers,
    lines: [...lines, ...scaleLines(scale, power), ...last, ...end],
    shape: `${1 + (deltas?.order ?? 0)}, time, ${bins}`,
    wholeNote: isRelative ? ": its loudest value is the level that others are measured by" : "",
  };
}

function windowBuffer({ window, windowLength }: FourierConfig): readonly [string, string] {
  const made = `(${windowLength}, periodic=True, dtype=torch.float64)`;
  const code = {
    hann: `torch.hann_window${made}`,
    hamming: `torch.hamming_window${made}`,
    blackman: `torch.blackman_window${made}`,
    rectangular: `torch.ones(${windowLength}, dtype=torch.float64)`,
  };
  return ["window", code[window]];
}

function spectrumLines(config: FourierConfig): string[] {
  const { fftSize, hopLength, windowLength, center, padMode } = config;
  const [before, after] = framingOf(config).padding;
  const padded = !center && before + after > 0 ? [`x = F.pad(x, (${before}, ${after}))`] : [];
  const options = [
    String(fftSize),
    `hop_length=${hopLength}`,
    `win_length=${windowLength}`,
    "window=self.window",
    center ? `center=True, pad_mode="${padMode}"` : "center=False",
    "return_complex=True",
  ];
  return [...padded, `x = torch.stft(x, ${options.join(", ")})`];
}

const magnitude = (power: 1 | 2) => (power === 2 ? "x = x.real**2 + x.imag**2" : "x = x.abs()");

function melParts(config: MelSpectrogramConfig | MfccConfig): Analysis {
  return {
    functions: [melFunction(config)],
    buffers: [windowBuffer(config), ["bands", "mel_bands()"]],
    lines: [...spectrumLines(config), magnitude(config.power), "x = self.bands @ x"],
    last: [],
  };
}

function cepstrumParts(config: MfccConfig): Analysis {
  const mel = melParts(config);
  return {
    ...mel,
    functions: [...mel.functions, cosineFunction(config)],
    buffers: [...mel.buffers, ["cosines", "cosine_transform()"]],
    last: ["x = self.cosines @ x"],
  };
}

function scaleLines(scale: AmplitudeScale, power: 1 | 2): string[] {
  switch (scale.kind) {
    case "linear":
      return [];
    case "naturalLog":
      return [`x = (x + ${scale.offset}).log()`];
    case "log10":
      return [`x = (1 + ${scale.factor} * x).log10()`];
    case "decibels": {
      const { amin, reference, topDb } = scale;
      const factor = 20 / power;
      const lines = [`x = ${factor} * x.clamp(min=${amin}).log10()`];
      if (reference === "max") lines.push("x = x - x.amax((1, 2), keepdim=True)");
      else {
        const zero = factor * Math.log10(Math.max(amin, reference));
        if (zero !== 0) lines.push(`x = x - ${zero}`);
      }
      if (topDb === null) return lines;
      return [...lines, `x = x.maximum(x.amax((1, 2), keepdim=True) - ${topDb})`];
    }
  }
}

/** librosa.feature.delta: derivatives of the polynomial through the neighbours, by least squares. */
function deltaLines({ order, width, mode }: DeltaConfig): string[] {
  const half = (width - 1) / 2;
  const taps = Array.from({ length: order }, (_, i) => [...savitzkyGolay(width, i === 0 ? 1 : 2)]);
  const repeat = (name: string) => `F.pad(${name}, (${half}, ${half}), mode="replicate")`;
  const neighbours = mode === "interp" ? "x" : repeat("x");
  const derivatives = taps.map((_, i) => `slopes[${i}]`).join(", ");
  return [
    `taps = x.new_tensor(${JSON.stringify(taps)})`,
    `slopes = [${neighbours}.unfold(2, ${width}, 1) @ row for row in taps]`,
    ...(mode === "interp" ? [`slopes = [${repeat("slope")} for slope in slopes]`] : []),
    `return torch.stack([x, ${derivatives}], 1).transpose(2, 3).float()`,
  ];
}

const MEL_SCALES = {
  htk: `    def to_mel(hertz):
        return 2595 * torch.log10(1 + hertz / 700)

    def to_hertz(mel):
        return 700 * (10 ** (mel / 2595) - 1)`,
  slaney: `    step = math.log(6.4) / 27

    def to_mel(hertz):
        return torch.where(hertz < 1000, hertz * 3 / 200, 15 + (hertz.clamp(min=1) / 1000).log() / step)

    def to_hertz(mel):
        return torch.where(mel < 15, mel * 200 / 3, 1000 * ((mel - 15) * step).exp())`,
};

function melFunction(config: MelSpectrogramConfig | MfccConfig): string {
  const { sampleRate, fftSize, melBands, minFrequency, maxFrequency, melScale, melNorm, melTriangles } =
    config;
  const points = melTriangles === "mel" ? "to_mel(edges)" : "edges";
  const bins = `torch.arange(${fftSize / 2 + 1}, dtype=torch.float64) * ${sampleRate} / ${fftSize}`;
  const weights = "torch.minimum(rising, falling).clamp(min=0)";
  const area = `${weights} * (2 / (edges[2:] - edges[:-2]))[:, None]`;
  return `def mel_bands():
    """Triangles [${melBands}, ${fftSize / 2 + 1}] from ${minFrequency} to ${maxFrequency} Hz, by ${melScale === "htk" ? "HTK's" : "Slaney's"} scale."""

${MEL_SCALES[melScale]}

    low, high = to_mel(torch.tensor([${minFrequency}, ${maxFrequency}], dtype=torch.float64)).tolist()
    edges = to_hertz(torch.linspace(low, high, ${melBands + 2}, dtype=torch.float64))
    points = ${points}[:, None]
    bins = ${melTriangles === "mel" ? `to_mel(${bins})` : bins}
    rising = (bins - points[:-2]) / (points[1:-1] - points[:-2])
    falling = (points[2:] - bins) / (points[2:] - points[1:-1])
    return ${melNorm === "slaney" ? area : weights}`;
}

function cosineFunction({ melBands, coefficients, dctNorm, lifter }: MfccConfig): string {
  const scaled =
    dctNorm === "none"
      ? ["    rows = 2 * rows"]
      : [`    rows = rows * math.sqrt(2 / ${melBands})`, "    rows[0] *= math.sqrt(0.5)"];
  const lifted =
    lifter > 0 ? [`    rows = rows * (1 + ${lifter / 2} * (math.pi * (number + 1) / ${lifter}).sin())`] : [];
  return [
    "def cosine_transform():",
    `    """The DCT-II of ${melBands} bands, the first ${coefficients} coefficients."""`,
    `    number = torch.arange(${coefficients}, dtype=torch.float64)[:, None]`,
    `    rows = (math.pi * number * (2 * torch.arange(${melBands}, dtype=torch.float64) + 1) / ${2 * melBands}).cos()`,
    ...scaled,
    ...lifted,
    "    return rows",
  ].join("\n");
}

function constantQFunction(config: ConstantQConfig): string {
  const { sampleRate, hopLength, bins, binsPerOctave, minFrequency, filterScale, padMode } = config;
  const pad =
    padMode === "reflect"
      ? 'F.pad(x[:, None], (half, half), mode="reflect")[:, 0]'
      : "F.pad(x, (half, half))";
  return `def constant_q(x):
    """Magnitudes [N, ${bins}, time] at frequencies in equal ratios (Brown 1991), all at the waveform's own rate."""
    ratio = 2 ** (2 / ${binsPerOctave})
    quality = ${filterScale} * (ratio + 1) / (ratio - 1)
    half = math.ceil(quality * ${sampleRate} / ${minFrequency} / 2)
    frames = ${pad}.unfold(1, 2 * half, ${hopLength})
    bands = []
    for band in range(${bins}):
        frequency = ${minFrequency} * 2 ** (band / ${binsPerOctave})
        length = quality * ${sampleRate} / frequency
        first = math.floor(-length / 2)
        count = math.floor(length / 2) - first
        m = torch.arange(count - 1, 0, -1, dtype=torch.float64, device=x.device)
        weight = 2 * math.sqrt(length) / count * (0.5 - 0.5 * (2 * math.pi * m / count).cos())
        angle = 2 * math.pi * frequency * (first + m) / ${sampleRate}
        start = half - (first + count - 1)
        samples = frames[:, :, start : start + count - 1]
        bands.append(torch.hypot(samples @ (weight * angle.cos()), samples @ (weight * angle.sin())))
    return torch.stack(bands, 1)`;
}

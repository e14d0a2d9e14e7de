"""The waveform of make_spectral.py, which is not stored: signal() says how a test makes the same."""

import numpy as np

from fixture_file import encode

# Frequency in Hz, beginning in seconds, amplitude, decay per second.
NOTES = [
    (110.0, 0.0, 0.2, 2.0),
    (277.2, 0.02, 0.25, 4.0),
    (440.0, 0.1, 0.3, 3.0),
    (1318.5, 0.15, 0.2, 8.0),
    (2793.8, 0.05, 0.15, 10.0),
    (5274.0, 0.2, 0.1, 20.0),
]
NOISE = 0.05


def mix32(x):
    """src/random/generator.ts's mix32, over an array of uint32."""
    x = x.astype(np.uint32)
    x = x ^ (x >> np.uint32(17))
    x = x * np.uint32(0xED5AD4BB)
    x = x ^ (x >> np.uint32(11))
    x = x * np.uint32(0xAC4C1B51)
    x = x ^ (x >> np.uint32(15))
    x = x * np.uint32(0x31848BAB)
    return x ^ (x >> np.uint32(14))


def signal(samples, sample_rate, kind="plain"):
    """Decaying notes of a rounded wave (two parabolas a period) and noise, exact in float32.

    Only +, -, ·, / and floor on float64 are used, so that any language gets the same bits. Other kinds are harder for
    logarithms: the notes "without-noise", whose overtones go down to 100 dB below them and more, "quiet", 120 dB down, "clipped" at
    full scale, "constant" and "silence".
    """
    index = np.arange(samples)
    time = index / sample_rate
    total = np.zeros(samples)
    for frequency, start, amplitude, decay in NOTES:
        cycles = frequency * time
        phase = cycles - np.floor(cycles)
        wave = np.where(phase < 0.5, 16 * phase * (0.5 - phase), -16 * (phase - 0.5) * (1 - phase))
        envelope = np.where(time >= start, amplitude / (1 + decay * np.maximum(time - start, 0)), 0)
        total = total + envelope * wave
    if kind != "without-noise":
        total = total + NOISE * (mix32(index) / 2.0**32 * 2 - 1)
    if kind == "quiet":
        total = total / 2**20
    elif kind == "clipped":
        total = np.clip(total * 16, -1, 1)
    elif kind == "constant":
        total = np.full(samples, 0.75)
    elif kind == "silence":
        total = np.zeros(samples)
    return total.astype(np.float32).astype(np.float64)


def case(op, name, options, samples, frames, function, kind="plain"):
    """One case: function(y) gives [F, T] or [C, F, T]; stored are [frames, F] or [frames, F, C]."""
    y = signal(samples, options["sampleRate"], kind)
    result = np.asarray(function(y))
    result = np.moveaxis(result, 0, -1) if result.ndim == 3 else result
    result = np.moveaxis(result, 1, 0)
    frames = [frame % len(result) for frame in frames]
    params = {"options": options, "samples": samples, "frames": frames, "totalFrames": len(result)}
    if kind != "plain":
        params["signal"] = kind
    return {
        "name": name,
        "op": op,
        "params": params,
        "inputs": [],
        "output": encode(result[frames]),
        "auxiliaryOutputs": {"waveform": encode(y[:8])},
    }

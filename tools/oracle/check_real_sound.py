"""How far Auricle's features are from librosa's and torchaudio's on recordings, and on sound that is hard for logarithms.

Not a fixture: prints the table of docs/sound.md, with the clip that is farthest for each row. Build first.

    npm run build
    .venv/bin/python tools/oracle/check_real_sound.py --target wasm --clips 40 /usr/share/hydrogen /usr/share/klettres

Clips are resampled to the front end's rate in float64 and rounded to float32 once; the other tools then compute in float64.
"""

import argparse
import json
import subprocess
import tempfile
import warnings
from collections import defaultdict
from pathlib import Path

import librosa
import numpy as np
import soundfile
import torch

import make_spectral as spectral

torch.set_default_dtype(torch.float64)
SECONDS = 4
TORCHAUDIO = {"padMode": "reflect", "melScale": "htk", "melNorm": "none"}
DECIBELS = {"kind": "decibels"}
MAX = {**DECIBELS, "reference": "max"}
ALL = {**DECIBELS, "topDb": None}
FRAMES_OF_CONSTANT_Q = 5


def stft(y, options):
    """librosa.stft, padded before: its own last frame mirrors a part of the sound that is one sample too short."""
    if options.get("padMode") != "reflect":
        return spectral.stft(y, options)
    padded = np.pad(y, options["fftSize"] // 2, mode="reflect")
    return spectral.stft(padded, {**options, "center": False})


def mel(y, options):
    bands = {**options, "center": False} if options.get("padMode") == "reflect" else options
    padding = options["fftSize"] // 2 if bands is not options else 0
    return spectral.mel(np.pad(y, padding, mode="reflect") if padding else y, bands)


def decibels(function, options):
    scale = options["scale"]
    power = options.get("power", 2)
    return lambda y: spectral.scaled(function(y), scale, power)


def front_ends():
    """Rows of (what the bound is of, front end's options, function of y that gives [F, T] or [C, F, T])."""
    fourier = spectral.fourier
    transforms = spectral.torchaudio.transforms
    tensor = lambda transform: lambda y: transform(torch.tensor(y)).numpy()
    rows = []

    def add(what, kind, options, function):
        rows.append((what, {"kind": kind, **options}, function))

    plain = fourier(22050, 2048, 512)
    magnitude = lambda options: lambda y: np.abs(stft(y, options)) ** options.get("power", 1)
    bands_of = lambda options: lambda y: mel(y, options)
    add("complex", "complexSpectrogram", plain, lambda y: spectral.real_and_imaginary(stft(y, plain)))
    for size in [400, 512, 882, 1200, 2048]:
        options = fourier(22050, size, size // 4, padMode="reflect")
        add("complex", "complexSpectrogram", options, lambda y, o=options: spectral.real_and_imaginary(stft(y, o)))
        add("magnitude", "spectrogram", options, magnitude(options))
    add("mel", "melSpectrogram", plain, bands_of(plain))

    level = {**plain, "scale": MAX, "power": 1}
    add("decibels", "spectrogram", level, decibels(magnitude(level), level))
    # Down to 200 dB below a magnitude of 1.
    deep = {**plain, "scale": {**ALL, "amin": 1e-10}, "power": 1}
    add("decibels", "spectrogram", deep, decibels(magnitude(deep), deep))
    for options in [
        {**plain, "scale": MAX},
        {**plain, "scale": ALL},
        fourier(32000, 1024, 320, melBands=64, minFrequency=50.0, maxFrequency=14000.0, padMode="reflect", scale=ALL),
    ]:
        add("decibels", "melSpectrogram", options, decibels(bands_of(options), options))
    for size in [400, 512]:
        options = {**fourier(16000, size, size // 2, **TORCHAUDIO), "scale": ALL}
        function = torch.nn.Sequential(transforms.MelSpectrogram(16000, n_fft=size), transforms.AmplitudeToDB())
        add("decibels", "melSpectrogram", options, tensor(function))

    musicnn = {**fourier(16000, 512, 256, padMode="reflect", melBands=96), "scale": {"kind": "log10", "factor": 10000}}
    add("other logarithms", "melSpectrogram", musicnn, lambda y: np.log10(10000 * mel(y, musicnn) + 1))
    vggish = spectral.vggish_case()["params"]["options"]
    add("other logarithms", "melSpectrogram", vggish, spectral.vggish)
    offset = {**plain, "scale": {"kind": "naturalLog", "offset": 1e-6}}
    add("other logarithms", "melSpectrogram", offset, lambda y: np.log(mel(y, offset) + 1e-6))

    mfcc = lambda y: librosa.feature.mfcc(S=librosa.power_to_db(mel(y, plain)), n_mfcc=20)
    delta = librosa.feature.delta
    add("MFCC", "mfcc", plain, mfcc)
    add("MFCC", "mfcc", {**plain, "deltas": {}}, lambda y: np.stack([mfcc(y), delta(mfcc(y)), delta(mfcc(y), order=2)]))
    bands = {"n_fft": 512, "n_mels": 128, "hop_length": 256}
    options = {**fourier(16000, 512, 256, **TORCHAUDIO), "coefficients": 40}
    add("MFCC", "mfcc", options, tensor(transforms.MFCC(16000, melkwargs=bands)))
    constant_q = {"sampleRate": 22050, "hopLength": 512}
    add("constant-Q, its definition", "constantQ", constant_q, definition)
    add("constant-Q, librosa.cqt", "constantQ", constant_q, lambda y: np.abs(librosa.cqt(y, sr=22050)))
    return rows


def definition(y):
    """The constant-Q transform's sums as they stand, of a few frames."""
    options = {"sampleRate": 22050, "hopLength": 512}
    frames = np.linspace(0, len(y) // 512, FRAMES_OF_CONSTANT_Q).astype(int)
    return spectral.constant_q_definition(y, options, frames)


def made(rate):
    """Sound that recordings seldom are."""
    time = np.arange(SECONDS * rate) / rate
    tones = sum(10 ** (-20 * i / 20) * np.sin(2 * np.pi * (300 + 611.7 * i) * time) for i in range(7))
    random = np.random.default_rng(1).standard_normal(len(time))
    return {
        "silence": np.zeros(len(time)),
        "constant": np.full(len(time), 0.7),
        "constant and quiet noise": 0.7 + 1e-6 * random,
        "clipped": np.clip(50 * np.sin(2 * np.pi * 220.3 * time) + random, -1, 1),
        "very quiet": 1e-6 * random,
        "tones 20 to 120 dB down": 0.4 * tones,
        "a tone alone": np.sin(2 * np.pi * 1000 * time),
        "a click": np.eye(1, len(time), 12345)[0],
    }


def recordings(folders, count):
    paths = sorted(
        path
        for folder in folders
        for path in Path(folder).rglob("*")
        if path.suffix.lower() in {".wav", ".flac", ".ogg", ".aiff"}
    )
    for path in paths[:: max(1, len(paths) // max(1, count))][:count]:
        try:
            samples, rate = soundfile.read(path, always_2d=True)
        except soundfile.LibsndfileError:
            continue
        yield str(path), samples.mean(axis=1)[: SECONDS * rate], rate


def clips_at(rate, sounds):
    for name, samples, sound_rate in sounds:
        y = samples if sound_rate == rate else librosa.resample(samples, orig_sr=sound_rate, target_sr=rate)
        if len(y) < rate // 2:
            y = np.pad(y, (0, rate // 2 - len(y)))
        yield name, np.clip(y, -1, 1).astype(np.float32)
    for name, y in made(rate).items():
        yield name, y.astype(np.float32)


def errors(what, found, expected):
    """[name, number] of the largest differences."""
    expected = np.moveaxis(expected, 0, -1) if expected.ndim == 3 else expected[:, :, None]
    expected = np.moveaxis(expected, 1, 0)
    found = found.reshape(expected.shape)
    known = ~np.isnan(expected[:, 0, 0])
    expected, found = expected[known], found[known].astype(np.float64)
    difference = np.abs(found - expected)
    largest = np.abs(expected).max(axis=(1, 2), keepdims=True)
    if what == "constant-Q, librosa.cqt":
        yield f"{what}, of the clip's largest", difference.max() / max(largest.max(), 1e-30)
    elif what == "MFCC":
        yield f"{what}, beyond 2e-7 of the frame's largest", (difference - 2e-7 * largest).max()
    elif what in ("decibels", "other logarithms"):
        yield what, difference.max()
    else:
        beyond = np.maximum(0, difference - 1e-6 * np.abs(expected))
        yield f"{what}, beyond 1e-6 of each number, of the frame's largest", (beyond / np.maximum(largest, 1e-30)).max()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--target", default="wasm")
    parser.add_argument("--clips", type=int, default=24)
    flags = parser.parse_args()
    warnings.filterwarnings("ignore")
    sounds = list(recordings(flags.folders, flags.clips))
    worst = defaultdict(lambda: (0.0, "", ""))
    with tempfile.TemporaryDirectory() as folder:
        rows = front_ends()
        clips = {rate: list(clips_at(rate, sounds)) for rate in {options["sampleRate"] for _, options, _ in rows}}
        for rate, list_of_clips in clips.items():
            for i, (_, y) in enumerate(list_of_clips):
                y.tofile(f"{folder}/{rate}-{i}.in")
        work = []
        for row, (_, options, _) in enumerate(rows):
            rate = options["sampleRate"]
            names = [{"input": f"{folder}/{rate}-{i}.in", "output": f"{folder}/{row}-{i}.out"} for i in range(len(clips[rate]))]
            work.append({"options": options, "clips": names})
        script = Path(__file__).with_name("real_sound_features.mjs")
        request = Path(folder) / "request.json"
        request.write_text(json.dumps({"target": flags.target, "work": work}))
        subprocess.run(["node", str(script), str(request)], check=True)
        for row, (what, options, function) in enumerate(rows):
            of_row = clips[options["sampleRate"]]
            # librosa.cqt's own distance from the definition is no part of what little there is of a constant.
            count = len(sounds) if what == "constant-Q, librosa.cqt" else len(of_row)
            for i, (name, y) in enumerate(of_row[:count]):
                found = np.fromfile(f"{folder}/{row}-{i}.out", dtype=np.float32)
                for kind, error in errors(what, found, function(y.astype(np.float64))):
                    shown = json.dumps(options)
                    if not error <= worst[kind][0]:
                        worst[kind] = (error, name, shown)
    print(f"{len(sounds)} recordings and {len(made(8000))} made sounds on {flags.target}, librosa {librosa.__version__}")
    for kind, (error, name, options) in worst.items():
        print(f"{kind:66} {error:9.2e}   {name}   {options}")


if __name__ == "__main__":
    main()

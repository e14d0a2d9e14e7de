"""Log-mel features of one clip by torchaudio, by PyTorch alone, or by librosa: the same numbers by all of them.

    python bench/peers/features.py --library torchaudio --clip clip.f32 --threads 1 --seconds 5
"""

import argparse
import json
import os
from pathlib import Path

SETTINGS = json.loads((Path(__file__).parent / "features.json").read_text())
RATE, SIZE, HOP = SETTINGS["sampleRate"], SETTINGS["fftSize"], SETTINGS["hopLength"]
BANDS, OFFSET = SETTINGS["melBands"], SETTINGS["offset"]


def by_torchaudio(samples, threads):
    torch = torch_with(threads)
    import torchaudio

    transform = torchaudio.transforms.MelSpectrogram(
        RATE, SIZE, hop_length=HOP, n_mels=BANDS, pad_mode="constant", norm="slaney", mel_scale="slaney"
    )
    waveform = torch.from_numpy(samples)

    def log_mel():
        with torch.inference_mode():
            return torch.log(transform(waveform) + OFFSET).numpy()

    return log_mel, torchaudio.__version__


def by_torch(samples, threads):
    """torch.stft, and a matrix product with the filters."""
    torch = torch_with(threads)
    import torchaudio

    filters = torchaudio.functional.melscale_fbanks(SIZE // 2 + 1, 0, RATE / 2, BANDS, RATE, "slaney", "slaney")
    window = torch.hann_window(SIZE)
    waveform = torch.from_numpy(samples)

    def log_mel():
        with torch.inference_mode():
            bins = torch.stft(waveform, SIZE, HOP, window=window, pad_mode="constant", return_complex=True)
            powers = bins.real.square() + bins.imag.square()
            return torch.log(powers.T @ filters + OFFSET).numpy()

    return log_mel, torch.__version__


def torch_with(threads):
    import torch

    torch.set_num_threads(threads)
    # torchaudio refuses a PyTorch for another CUDA than its own; only the processor is used here.
    torch.version.cuda = None
    return torch


def by_librosa(samples, threads):
    import librosa
    import numpy

    def log_mel():
        powers = librosa.feature.melspectrogram(y=samples, sr=RATE, n_fft=SIZE, hop_length=HOP, n_mels=BANDS)
        return numpy.log(powers + OFFSET)

    return log_mel, librosa.__version__


LIBRARIES = {"torchaudio": by_torchaudio, "pytorch stft": by_torch, "librosa": by_librosa}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--library", choices=list(LIBRARIES), required=True)
    parser.add_argument("--clip", required=True, help="float32 samples, without a header")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5.0, help="how long to measure, after warming up")
    arguments = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(arguments.threads)

    # Imported after the variables are set, which their libraries read once.
    import numpy

    from measurement import measure, report

    samples = numpy.fromfile(arguments.clip, dtype=numpy.float32)
    log_mel, version = LIBRARIES[arguments.library](samples, arguments.threads)
    arguments.workload, arguments.phase = "log-mel", "infer"
    times = measure(log_mel, arguments.seconds)
    mean = float(log_mel().mean(dtype=numpy.float64))
    report(arguments.library, version.split("+")[0], arguments, times=times, mean=mean)


if __name__ == "__main__":
    main()

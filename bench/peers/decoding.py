"""From a file to a network's input, stage by stage: sound by libsndfile and librosa, pictures by Pillow. Each line of input is a
command, each line of output its answer, so that the libraries take turns.

    python bench/peers/decoding.py make --folder files
    python bench/peers/decoding.py measure --folder files --threads 1
    {"file": "clip.mp3", "stage": "decode", "seconds": 0.5}

`make` writes a clip of 30 s of stereo sound in several formats, and pictures. Stages of sound are decode, mono (mean of the channels and
change of rate) and each kind of features; of pictures decode (upright) and resize.
"""

import argparse
import io
import json
import os
import sys
from pathlib import Path

from turn import times_of

SETTINGS = json.loads((Path(__file__).parent / "features.json").read_text())
RATE, SIZE, HOP, BANDS = (SETTINGS[name] for name in ("sampleRate", "fftSize", "hopLength", "melBands"))
STORED_RATE, SECONDS = 44100, SETTINGS["seconds"]
SOUND_FORMATS = ["wav", "flac", "ogg", "mp3"]
PICTURE_SIZES = {"small.jpg": (320, 240), "large.jpg": (1600, 1200)}
SIDE = 96


def make(folder):
    import numpy as np
    import soundfile

    from pictures import scene

    time_axis = np.arange(SECONDS * STORED_RATE) / STORED_RATE
    rng = np.random.default_rng(1)
    tones = [0.3 * np.sin(2 * np.pi * pitch * time_axis) * np.sin(np.pi * time_axis) ** 2 for pitch in (440, 660)]
    noise = 0.02 * rng.standard_normal((2, len(time_axis)))
    stereo = (np.stack(tones) + 0.1 * np.sin(2 * np.pi * 1870 * time_axis) + noise).T.astype(np.float32)
    for name in SOUND_FORMATS:
        # libsndfile's Vorbis encoder overflows its stack on a whole clip.
        with soundfile.SoundFile(folder / f"clip.{name}", "w", STORED_RATE, 2) as file:
            for start in range(0, len(stereo), STORED_RATE):
                file.write(stereo[start : start + STORED_RATE])
    for name, size in PICTURE_SIZES.items():
        scene(1).resize(size).save(folder / name, quality=85)


class Sound:
    def __init__(self, path):
        self.bytes = path.read_bytes()
        self.stereo, self.rate = self.decode()
        self.samples = self.mono()

    def decode(self):
        import soundfile

        return soundfile.read(io.BytesIO(self.bytes), dtype="float32")

    def mono(self):
        import librosa

        return librosa.resample(librosa.to_mono(self.stereo.T), orig_sr=self.rate, target_sr=RATE)

    def log_mel(self):
        import librosa
        import numpy as np

        powers = librosa.feature.melspectrogram(y=self.samples, sr=RATE, n_fft=SIZE, hop_length=HOP, n_mels=BANDS)
        return np.log(powers + SETTINGS["offset"])

    def mfcc(self):
        import librosa

        return librosa.feature.mfcc(y=self.samples, sr=RATE, n_fft=SIZE, hop_length=HOP, n_mels=BANDS)

    def constant_q(self):
        import librosa
        import numpy as np

        return np.abs(librosa.cqt(self.samples, sr=RATE, hop_length=HOP))

    def stages(self):
        return {
            "decode": self.decode,
            "mono": self.mono,
            "log-mel": self.log_mel,
            "mfcc": self.mfcc,
            "constant-Q": self.constant_q,
        }


class Picture:
    def __init__(self, path):
        self.bytes = path.read_bytes()
        self.upright = self.decode()

    def decode(self):
        from PIL import Image, ImageOps

        return ImageOps.exif_transpose(Image.open(io.BytesIO(self.bytes)).convert("RGB"))

    def resize(self):
        import numpy as np
        from PIL import Image, ImageOps

        return np.asarray(ImageOps.fit(self.upright, (SIDE, SIDE), Image.Resampling.BILINEAR))

    def stages(self):
        return {"decode": self.decode, "resize": self.resize}


def serve(folder):
    import librosa
    import PIL
    import soundfile

    versions = {"libsndfile": soundfile.__libsndfile_version__, "librosa": librosa.__version__, "Pillow": PIL.__version__}
    print(json.dumps({"versions": versions}), flush=True)
    opened = {}
    for line in sys.stdin:
        command = json.loads(line)
        path = folder / command["file"]
        if path not in opened:
            opened[path] = (Picture if path.suffix == ".jpg" else Sound)(path)
        step = opened[path].stages()[command["stage"]]
        step()
        times = times_of(step, command["seconds"])
        print(json.dumps({"times": times}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=["make", "measure"])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(arguments.threads)
    if arguments.what == "make":
        make(arguments.folder)
    else:
        serve(arguments.folder)


if __name__ == "__main__":
    main()

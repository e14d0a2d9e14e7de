"""Golden values of the front ends: spectrograms, mel bands, decibels, MFCC, deltas and constant-Q
transforms by librosa, torchaudio and, for VGGish, its own formulas in numpy.

Everything is computed in float64. spectral_signal.py has the waveform and the form of a case.
"""

import librosa
import numpy as np
import scipy.signal
import torch

from fixture_file import encode, write_fixture
from spectral_signal import case

# torchaudio compares its CUDA with torch's even where none is used.
torch.version.cuda = None
import torchaudio  # noqa: E402


def real_and_imaginary(spectrum):
    return np.stack([spectrum.real, spectrum.imag])


def stft(y, options):
    return librosa.stft(
        y,
        n_fft=options["fftSize"],
        win_length=options.get("windowLength"),
        hop_length=options["hopLength"],
        window={"rectangular": "boxcar"}.get(options.get("window"), options.get("window", "hann")),
        center=options.get("center", True),
        pad_mode=options.get("padMode", "constant"),
    )


def mel(y, options):
    band_options = {
        "n_mels": options.get("melBands", 128),
        "fmin": options.get("minFrequency", 0.0),
        "fmax": options.get("maxFrequency"),
        "htk": options.get("melScale") == "htk",
        "norm": None if options.get("melNorm") == "none" else "slaney",
    }
    power = np.abs(stft(y, options)) ** options.get("power", 2)
    return librosa.feature.melspectrogram(
        S=power,
        sr=options["sampleRate"],
        n_fft=options["fftSize"],
        dtype=np.float64,
        **band_options,
    )


def scaled(x, scale, power):
    """x, or its decibels."""
    if scale is None:
        return x
    convert = librosa.power_to_db if power == 2 else librosa.amplitude_to_db
    reference = scale.get("reference", 1.0)
    return convert(
        x,
        ref=np.max if reference == "max" else reference,
        amin=scale.get("amin", 1e-10 if power == 2 else 1e-5),
        top_db=scale.get("topDb", 80.0),
    )


def fourier(sample_rate, size, hop, **others):
    return {"sampleRate": sample_rate, "fftSize": size, "hopLength": hop, **others}


def complex_cases():
    rows = [
        ("librosa-defaults", fourier(22050, 2048, 512), 15000, [0, 14, -1]),
        ("odd-length-reflect", fourier(22050, 512, 128, padMode="reflect"), 7001, [0, 1, 30, -1]),
        (
            "short-window-no-center",
            fourier(16000, 256, 60, windowLength=200, center=False, window="hamming"),
            5003,
            [0, 33, -1],
        ),
        (
            "odd-window",
            fourier(8000, 128, 33, windowLength=77, window="blackman"),
            2000,
            [0, 1, 2, -2, -1],
        ),
        ("rectangular", fourier(8000, 64, 64, window="rectangular"), 1000, [0, 7, -1]),
        ("size-400", fourier(16000, 400, 160, padMode="reflect"), 4000, [0, 12, -1]),
        ("size-882", fourier(22050, 882, 441), 4410, [0, 5]),
    ]
    return [
        case(
            "complexSpectrogram",
            name,
            options,
            samples,
            frames,
            lambda y: real_and_imaginary(stft(y, options)),
        )
        for name, options, samples, frames in rows
    ]


def spectrogram_cases():
    notebook = {"kind": "decibels", "reference": "max"}
    plain = {"kind": "decibels", "reference": 0.5, "amin": 1e-3, "topDb": None}
    clamped = {"kind": "decibels", "reference": 2.0, "topDb": 30.0}
    rows = [
        ("magnitude", fourier(22050, 512, 128, power=1), None),
        ("power", fourier(22050, 512, 128, power=2), None),
        ("amplitude-to-db-max", fourier(22050, 256, 64, power=1), notebook),
        ("amplitude-to-db-amin", fourier(22050, 256, 64, power=1), plain),
        ("power-to-db-top-30", fourier(22050, 256, 64, power=2), clamped),
    ]
    cases = []
    for name, options, scale in rows:
        power = options["power"]
        function = lambda y: scaled(np.abs(stft(y, options)) ** power, scale, power)
        stored = {**options, "scale": scale} if scale else options
        cases.append(case("spectrogram", name, stored, 6000, [0, 20, 40, -1], function))
    return cases


def mel_cases():
    librosa_mel = fourier(22050, 2048, 512)
    scales = [
        ("librosa-defaults", librosa_mel, None),
        ("librosa-power-to-db", librosa_mel, {"kind": "decibels", "reference": "max"}),
        ("librosa-power-to-db-top-25", librosa_mel, {"kind": "decibels", "topDb": 25.0}),
        (
            "narrow-htk",
            fourier(
                16000,
                512,
                160,
                windowLength=400,
                melBands=40,
                minFrequency=20.0,
                maxFrequency=7600.0,
            )
            | {"melScale": "htk"},
            None,
        ),
        (
            "magnitudes-of-height-1",
            fourier(22050, 1024, 300, melBands=64, melNorm="none", power=1),
            None,
        ),
        (
            "panns",
            fourier(
                32000,
                1024,
                320,
                melBands=64,
                minFrequency=50.0,
                maxFrequency=14000.0,
                padMode="reflect",
            ),
            {"kind": "decibels", "topDb": None},
        ),
    ]
    cases = []
    for name, options, scale in scales:
        function = lambda y: scaled(mel(y, options), scale, options.get("power", 2))
        stored = {**options, "scale": scale} if scale else options
        cases.append(case("melSpectrogram", name, stored, 12001, [0, 1, 5, 11, -1], function))
    musicnn = fourier(16000, 512, 256, melBands=96, padMode="reflect")
    cases.append(
        case(
            "melSpectrogram",
            "musicnn",
            {**musicnn, "scale": {"kind": "log10", "factor": 10000}},
            8000,
            [0, 15, -1],
            lambda y: np.log10(10000 * mel(y, musicnn) + 1),
        )
    )
    return cases


def vggish(y):
    """log_mel_spectrogram of VGGish's mel_features.py with the numbers of vggish_params.py."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi / 400 * np.arange(400))
    count = 1 + (len(y) - 400) // 160
    frames = np.stack([y[t * 160 : t * 160 + 400] * window for t in range(count)])
    magnitudes = np.abs(np.fft.rfft(frames, 512))
    to_mel = lambda hertz: 1127 * np.log(1 + hertz / 700)
    bins = to_mel(np.linspace(0, 8000, 257))
    edges = np.linspace(to_mel(125), to_mel(7500), 66)
    weights = np.zeros((257, 64))
    for band in range(64):
        low, center, high = edges[band : band + 3]
        weights[:, band] = np.maximum(
            0, np.minimum((bins - low) / (center - low), (high - bins) / (high - center))
        )
    weights[0] = 0
    return np.log(magnitudes @ weights + 0.01).T


def vggish_case():
    options = fourier(
        16000,
        512,
        160,
        windowLength=400,
        center=False,
        frameLength="window",
        melBands=64,
        minFrequency=125,
        maxFrequency=7500,
        melScale="htk",
        melNorm="none",
        melTriangles="mel",
        power=1,
        scale={"kind": "naturalLog", "offset": 0.01},
    )
    return case("melSpectrogram", "vggish", options, 8000, [0, 20, -1], vggish)


def mfcc_cases():
    options = fourier(22050, 2048, 512)
    function = lambda y, **others: librosa.feature.mfcc(
        S=librosa.power_to_db(mel(y, options)), **others
    )

    def deltas(y, **how):
        x = function(y, n_mfcc=20)
        delta = librosa.feature.delta
        return np.stack([x, delta(x, **how), delta(x, order=2, **how)])

    frames = [0, 1, 2, 3, 4, 5, 12, -6, -5, -2, -1]
    lifted = {**options, "coefficients": 13, "lifter": 22}
    plain = {**options, "coefficients": 128, "dctNorm": "none"}
    return [
        case(
            "mfcc", "librosa-defaults", options, 12001, [0, 8, -1], lambda y: function(y, n_mfcc=20)
        ),
        case(
            "mfcc", "lifter", lifted, 12001, [0, 8, -1], lambda y: function(y, n_mfcc=13, lifter=22)
        ),
        case("mfcc", "no-norm", plain, 12001, [8], lambda y: function(y, n_mfcc=128, norm=None)),
        case("mfcc", "deltas", {**options, "deltas": {}}, 12001, frames, deltas),
        case(
            "mfcc",
            "deltas-width-5-nearest",
            {**options, "deltas": {"width": 5, "mode": "nearest"}},
            12001,
            frames,
            lambda y: deltas(y, width=5, mode="nearest"),
        ),
    ]


def torchaudio_cases():
    torch.set_default_dtype(torch.float64)
    transforms = torchaudio.transforms
    on_tensor = lambda transform: lambda y: transform(torch.tensor(y)).numpy()
    common = {"padMode": "reflect", "melScale": "htk", "melNorm": "none"}
    defaults = fourier(16000, 400, 200, **common)
    short_chunk = {
        **fourier(16000, 512, 256, **common),
        "scale": {"kind": "decibels", "topDb": None},
    }
    mfcc = {**fourier(16000, 512, 256, **common), "coefficients": 40}
    log_mels = {**mfcc, "scale": {"kind": "naturalLog", "offset": 1e-6}, "dctNorm": "none"}
    bands = lambda **others: {"n_fft": 512, "n_mels": 128, "hop_length": 256, **others}
    derivative = {
        **fourier(16000, 512, 256, **common),
        "deltas": {"order": 1, "width": 5, "mode": "nearest"},
    }
    mel_spectrogram = transforms.MelSpectrogram(16000, n_fft=512)
    with_delta = lambda x: torch.stack([x, torchaudio.functional.compute_deltas(x)])
    frames = [0, 1, 2, 20, -2, -1]
    return [
        case(
            "melSpectrogram",
            "torchaudio-defaults",
            defaults,
            8000,
            [0, 20, -1],
            on_tensor(transforms.MelSpectrogram(16000)),
        ),
        case(
            "melSpectrogram",
            "torchaudio-amplitude-to-db",
            short_chunk,
            8000,
            [0, 20, -1],
            on_tensor(torch.nn.Sequential(mel_spectrogram, transforms.AmplitudeToDB())),
        ),
        case(
            "melSpectrogram",
            "torchaudio-deltas",
            derivative,
            8000,
            frames,
            on_tensor(lambda y: with_delta(mel_spectrogram(y))),
        ),
        case(
            "mfcc",
            "torchaudio-defaults",
            mfcc,
            8000,
            frames,
            on_tensor(transforms.MFCC(16000, melkwargs=bands())),
        ),
        case(
            "mfcc",
            "torchaudio-log-mels",
            log_mels,
            8000,
            frames,
            on_tensor(transforms.MFCC(16000, norm=None, log_mels=True, melkwargs=bands())),
        ),
    ]


def constant_q_cases():
    """At hop 441, which is odd, librosa computes all octaves at the full rate; at 512 it halves the rate
    for each octave."""
    cases = []
    for name, hop, others, keywords in [
        ("odd-hop", 441, {}, {}),
        ("odd-hop-not-sparse", 441, {}, {"sparsity": 0}),
        ("librosa-defaults", 512, {}, {}),
        (
            "quarter-tones-reflect",
            441,
            {
                "bins": 96,
                "binsPerOctave": 24,
                "minFrequency": 130.8,
                "padMode": "reflect",
                "filterScale": 0.5,
            },
            {
                "n_bins": 96,
                "bins_per_octave": 24,
                "fmin": 130.8,
                "pad_mode": "reflect",
                "filter_scale": 0.5,
                "sparsity": 0,
            },
        ),
    ]:
        options = {"sampleRate": 22050, "hopLength": hop, **others}
        function = lambda y: np.abs(librosa.cqt(y, sr=22050, hop_length=hop, **keywords))
        cases.append(case("constantQ", name, options, 22050, [0, 1, 20, 40, -1], function))
    return cases


def constant_q_definition(y, options, frames):
    """The sums of src/audio/front-end/constant-q.ts as they stand; NaN in other frames than these."""
    rate, hop = options["sampleRate"], options["hopLength"]
    bins, per_octave = options.get("bins", 84), options.get("binsPerOctave", 12)
    ratio = 2 ** (2 / per_octave)
    quality = options.get("filterScale", 1) * (ratio + 1) / (ratio - 1)
    edge = 1 << 13
    mode = options.get("padMode", "constant")
    padded = np.pad(y, edge, mode=mode)
    result = np.full((bins, 1 + len(y) // hop), np.nan)
    for b in range(bins):
        frequency = options.get("minFrequency", 32.70319566257483) * 2 ** (b / per_octave)
        length = quality * rate / frequency
        first = int(np.floor(-length / 2))
        count = int(np.floor(length / 2)) - first
        window = 0.5 - 0.5 * np.cos(2 * np.pi / count * np.arange(count))
        j = first + np.arange(count)
        wave = window * np.exp(2j * np.pi * frequency / rate * j) * (np.sqrt(length) / window.sum())
        for t in frames:
            result[b, t] = abs(np.sum(wave * padded[edge + t * hop - j]))
    return result


def constant_q_definition_cases():
    frames = [0, 20, 40]
    wide = {"bins": 96, "binsPerOctave": 24, "minFrequency": 130.8, "filterScale": 0.5}
    rows = [
        ("definition-defaults", {"sampleRate": 22050, "hopLength": 512}),
        (
            "definition-quarter-tones-reflect",
            {"sampleRate": 22050, "hopLength": 441, **wide, "padMode": "reflect"},
        ),
    ]
    return [
        case(
            "constantQ",
            f"{name}{'' if kind == 'plain' else '-' + kind}",
            options,
            22050,
            frames,
            lambda y: constant_q_definition(y, options, frames),
            kind,
        )
        for name, options in rows
        for kind in ["plain", "without-noise"]
    ]


def hard_cases():
    """Sound whose quiet numbers are far below its loud ones, or are all there is, in logarithms."""
    torch.set_default_dtype(torch.float64)
    decibels = {"kind": "decibels", "topDb": None}
    levels = fourier(22050, 512, 128, power=1) | {"scale": decibels}
    log_mel = fourier(22050, 2048, 512) | {"scale": {**decibels, "reference": "max"}}
    cepstrum = fourier(22050, 2048, 512)
    any_size = fourier(16000, 400, 200, padMode="reflect", melScale="htk", melNorm="none")
    any_size |= {"scale": decibels}
    torchaudio_levels = torch.nn.Sequential(
        torchaudio.transforms.MelSpectrogram(16000), torchaudio.transforms.AmplitudeToDB()
    )
    musicnn = fourier(16000, 512, 256, padMode="reflect", melBands=96)
    musicnn |= {"scale": {"kind": "log10", "factor": 10000}}
    vggish_options = vggish_case()["params"]["options"]
    rows = [
        ("spectrogram", levels, lambda y: scaled(np.abs(stft(y, levels)), levels["scale"], 1)),
        ("melSpectrogram", log_mel, lambda y: scaled(mel(y, log_mel), log_mel["scale"], 2)),
        ("melSpectrogram", any_size, lambda y: torchaudio_levels(torch.tensor(y)).numpy()),
        ("melSpectrogram", musicnn, lambda y: np.log10(10000 * mel(y, musicnn) + 1)),
        ("melSpectrogram", vggish_options, vggish),
        (
            "mfcc",
            cepstrum,
            lambda y: librosa.feature.mfcc(S=librosa.power_to_db(mel(y, cepstrum)), n_mfcc=20),
        ),
    ]
    kinds = ["without-noise", "quiet", "clipped", "constant", "silence"]
    return [
        case(op, f"{kind}-{i}", options, 9001, [1, 15], function, kind)
        for i, (op, options, function) in enumerate(rows)
        for kind in kinds
    ]


def window_case(name, scipy_name, length):
    window = scipy.signal.get_window(scipy_name, length)
    params = {"window": name, "length": length}
    return {
        "name": f"{name}-{length}",
        "op": "window",
        "params": params,
        "inputs": [],
        "output": encode(window),
    }


if __name__ == "__main__":
    cases = [
        window_case("hann", "hann", 16),
        window_case("hann", "hann", 7),
        window_case("hamming", "hamming", 10),
    ]
    cases += [window_case("blackman", "blackman", 11), window_case("rectangular", "boxcar", 3)]
    cases += complex_cases() + spectrogram_cases() + mel_cases() + [vggish_case()] + mfcc_cases()
    cases += constant_q_cases() + torchaudio_cases()
    cases += constant_q_definition_cases() + hard_cases()
    versions = f"librosa {librosa.__version__}, torchaudio {torchaudio.__version__.split('+')[0]}"
    write_fixture("spectral", cases, f"{versions} on torch {torch.__version__.split('+')[0]}")

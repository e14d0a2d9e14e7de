#!/bin/sh
# Makes fixtures/audio/: one second of a known signal, encoded by the usual programs, for the tests of the decoders.
#
# The signal has 22,050 Hz and two channels, 16 bits:
#   left   0.5 sin(2 pi 440 t) + 0.2 sin(2 pi 1500 t)      right   0.4 sin(2 pi 1000 t + 1)
# Lossless files must give it back exactly; lossy ones within the noise that the tests allow, at the same place.
#
# Needs ffmpeg (with libmp3lame, libvorbis, libopus), lame and sox: apt-get install ffmpeg lame sox
# The committed files were made with ffmpeg 5.1.9, lame 3.100 and sox 14.4.2; other versions write other bytes.
set -eu

folder="$(dirname "$0")/fixtures/audio"
mkdir -p "$folder"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

encode() { # encode OUTPUT OPTIONS…
  output="$1"
  shift
  ffmpeg -hide_banner -loglevel error -y -i "$work/signal.wav" -map_metadata -1 -fflags +bitexact \
    -flags:a +bitexact "$@" "$folder/$output"
}

left='0.5*sin(2*PI*440*t)+0.2*sin(2*PI*1500*t)'
right='0.4*sin(2*PI*1000*t+1)'
ffmpeg -hide_banner -loglevel error -y -f lavfi -i "aevalsrc=$left|$right:s=22050:d=1" \
  -c:a pcm_s16le -fflags +bitexact -flags:a +bitexact "$work/signal.wav"

encode signal.mp3 -c:a libmp3lame -b:a 64k
encode signal.mp2 -c:a mp2 -ar 48000 -b:a 96k
# Short pages, so that a truncated file still has some.
encode signal.ogg -c:a libvorbis -q:a 2 -page_duration 100000
encode signal.opus -c:a libopus -b:a 48k -page_duration 100000
encode signal.m4a -c:a aac -b:a 64k -aac_pns 0
# Noise, of which AAC only keeps how loud it is.
ffmpeg -hide_banner -loglevel error -y -f lavfi -i "aevalsrc=0.15*(2*random(0)-1)+0.2*sin(2*PI*440*t):s=22050:d=0.6" \
  -map_metadata -1 -fflags +bitexact -flags:a +bitexact -c:a aac -b:a 24k "$folder/noise.m4a"
encode signal.aac -f adts -c:a aac -b:a 64k -aac_pns 0
encode signal.flac -c:a flac -compression_level 8
encode signal-flac.ogg -c:a flac -f ogg -page_duration 100000
encode signal-opus.webm -c:a libopus -b:a 48k
encode signal-vorbis.webm -c:a libvorbis -q:a 2
encode signal-alac.m4a -c:a alac
# One channel, without a Xing header: what a stream or an old encoder gives.
lame --quiet -t -m m -b 32 "$work/signal.wav" "$folder/signal-without-header.mp3"
# ADPCM of Microsoft and of IMA, the latter also in QuickTime's packets.
sox -R "$work/signal.wav" -e ms-adpcm "$folder/adpcm.wav" trim 0 0.1
sox -R "$work/signal.wav" -e ima-adpcm "$folder/adpcm-ima.wav" trim 0 0.1
encode ima4.aifc -t 0.1 -c:a adpcm_ima_qt
encode ima4.caf -t 0.1 -c:a adpcm_ima_qt
# recorded.webm is what Chromium 156 wrote: MediaRecorder with "audio/webm", an oscillator of 440 Hz, 0.7 s.

"""Writes src/onnx/schema/onnx_pb.ts: the messages of ONNX's own onnx.proto as code for @bufbuild/protobuf.

    python tools/onnx/make_schema.py <folder that has @bufbuild/protoc-gen-es in its node_modules>

Needs the packages onnx and protobuf. The descriptor is the one that the package onnx carries, compiled by ONNX's authors from
onnx-ml.proto, so no compiler of .proto files is needed; the plugin turns it into TypeScript. Made with onnx 1.23.2 and
@bufbuild/protoc-gen-es 2.17.0 (npm install --prefix /tmp/plugin @bufbuild/protoc-gen-es@2.17.0).
"""

import pathlib
import subprocess
import sys

from google.protobuf.compiler import plugin_pb2
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from onnx import onnx_ml_pb2

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = ROOT / "src" / "onnx" / "schema" / "onnx_pb.ts"

# Decoders skip fields that they do not know: those of training, of devices and of functions are of no use here.
LEFT_OUT = {
    "ModelProto": {"training_info", "configuration"},
    "NodeProto": {"device_configurations"},
}
UNUSED = {
    "TrainingInfoProto",
    "DeviceConfigurationProto",
    "NodeDeviceConfigurationProto",
    "ShardingSpecProto",
    "ShardedDimProto",
    "SimpleShardedDimProto",
    "IntIntListEntryProto",
}


def schema():
    file = FileDescriptorProto()
    onnx_ml_pb2.DESCRIPTOR.CopyToProto(file)
    file.name = "onnx.proto"
    kept = [message for message in file.message_type if message.name not in UNUSED]
    del file.message_type[:]
    file.message_type.extend(kept)
    for message in file.message_type:
        fields = [field for field in message.field if field.name not in LEFT_OUT.get(message.name, ())]
        del message.field[:]
        message.field.extend(fields)
    return file


def main():
    plugin = pathlib.Path(sys.argv[1]) / "node_modules" / ".bin" / "protoc-gen-es"
    request = plugin_pb2.CodeGeneratorRequest(
        file_to_generate=["onnx.proto"],
        parameter="target=ts,erasable_syntax=true,import_extension=ts",
        proto_file=[schema()],
    )
    output = subprocess.run([plugin], input=request.SerializeToString(), stdout=subprocess.PIPE, check=True).stdout
    response = plugin_pb2.CodeGeneratorResponse.FromString(output)
    if response.error:
        sys.exit(response.error)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    text = response.file[0].content.replace("/* eslint-disable */\n", "")
    TARGET.write_text(text)


main()

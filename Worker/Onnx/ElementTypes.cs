using Microsoft.ML.OnnxRuntime.Tensors;
using Platform.Worker.Tensors;

namespace Platform.Worker.Onnx;

/// <summary>The runtime's element types and the protocol's.</summary>
internal static class ElementTypes
{
    private static readonly (TensorElementType Onnx, Datatype Datatype)[] Pairs =
    [
        (TensorElementType.Bool, Datatype.Bool),
        (TensorElementType.UInt8, Datatype.Uint8),
        (TensorElementType.UInt16, Datatype.Uint16),
        (TensorElementType.UInt32, Datatype.Uint32),
        (TensorElementType.UInt64, Datatype.Uint64),
        (TensorElementType.Int8, Datatype.Int8),
        (TensorElementType.Int16, Datatype.Int16),
        (TensorElementType.Int32, Datatype.Int32),
        (TensorElementType.Int64, Datatype.Int64),
        (TensorElementType.Float16, Datatype.Fp16),
        (TensorElementType.BFloat16, Datatype.Bf16),
        (TensorElementType.Float, Datatype.Fp32),
        (TensorElementType.Double, Datatype.Fp64),
        (TensorElementType.String, Datatype.Bytes),
    ];

    public static bool TryGet(TensorElementType onnx, out Datatype datatype)
    {
        foreach (var pair in Pairs)
        {
            if (pair.Onnx != onnx) continue;
            datatype = pair.Datatype;
            return true;
        }

        datatype = default;
        return false;
    }

    public static TensorElementType Of(Datatype datatype) => Array.Find(Pairs, pair => pair.Datatype == datatype).Onnx;
}

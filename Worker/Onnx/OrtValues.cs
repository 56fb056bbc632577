using Microsoft.ML.OnnxRuntime;
using Platform.Worker.Tensors;

namespace Platform.Worker.Onnx;

/// <summary>Our tensors as the runtime's values.</summary>
internal static class OrtValues
{
    /// <summary>A view of the tensor's own memory, except for BYTES, which the runtime keeps in strings of its own.</summary>
    public static OrtValue From(Tensor tensor)
    {
        if (tensor.Datatype == Datatype.Bytes) return FromBytes(tensor);
        return OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, ElementTypes.Of(tensor.Datatype), tensor.Shape, tensor.Address, tensor.Length);
    }

    private static OrtValue FromBytes(Tensor tensor)
    {
        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, tensor.Shape);
        var index = 0;
        foreach (var element in new BytesElements(tensor.Bytes)) value.StringTensorSetElementAt(element, index++);
        return value;
    }
}

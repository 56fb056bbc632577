using System.Collections.Immutable;
using Microsoft.ML.OnnxRuntime;
using Platform.Core.Models;
using Platform.Worker.Tensors;

namespace Platform.Worker.Onnx;

/// <summary>What a loaded graph takes and gives.</summary>
internal static class SignatureReader
{
    /// <exception cref="UnusableModelException">An input or output is no tensor of a type that can travel.</exception>
    public static ModelSignature Read(InferenceSession session, OnnxFile file) => new(
        [.. session.InputNames.Select(name => Describe("input", name, session.InputMetadata[name], file.Shapeless))],
        [.. session.OutputNames.Select(name => Describe("output", name, session.OutputMetadata[name], file.Shapeless))],
        file.Producer,
        file.Opsets,
        file.Properties);

    /// <summary>Initialisers that are inputs too. Those of types that cannot travel keep their defaults.</summary>
    public static ImmutableArray<TensorSpec> ReadOptional(InferenceSession session) =>
    [
        .. session.OverridableInitializerMetadata
            .Where(input => input.Value.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR && ElementTypes.TryGet(input.Value.ElementDataType, out _))
            .OrderBy(input => input.Key, StringComparer.Ordinal)
            .Select(input => new TensorSpec(Describe("input", input.Key, input.Value, shapeless: []), anyShape: false)),
    ];

    private static TensorSignature Describe(string role, string name, NodeMetadata metadata, ImmutableHashSet<string> shapeless)
    {
        if (metadata.OnnxValueType != OnnxValueType.ONNX_TYPE_TENSOR)
            throw new UnusableModelException(NotATensor(role, name, metadata.OnnxValueType));
        if (!ElementTypes.TryGet(metadata.ElementDataType, out var datatype))
            throw new UnusableModelException(
                $"The {role} '{name}' has the element type {metadata.ElementDataType}, which the V2 protocol cannot carry. Use one "
                    + $"of {Datatypes.AllNames}.");
        // The runtime describes a tensor of unknown rank like a scalar; -1 says "anything" to those who read it.
        if (metadata.Dimensions.Length == 0 && shapeless.Contains(name)) return new(name, datatype.Name(), [-1], [null]);
        return new(
            name,
            datatype.Name(),
            [.. metadata.Dimensions.Select(dimension => dimension < 0 ? -1L : dimension)],
            [.. metadata.SymbolicDimensions.Select(symbol => string.IsNullOrEmpty(symbol) ? null : symbol)]);
    }

    private static string NotATensor(string role, string name, OnnxValueType type)
    {
        var kind = type switch
        {
            OnnxValueType.ONNX_TYPE_SEQUENCE => "a sequence",
            OnnxValueType.ONNX_TYPE_MAP => "a map",
            OnnxValueType.ONNX_TYPE_OPTIONAL => "an optional value",
            OnnxValueType.ONNX_TYPE_SPARSETENSOR => "a sparse tensor",
            _ => "no tensor",
        };
        return $"The {role} '{name}' is {kind}; only tensors can be served. Export the model so that it gives tensors "
            + "(for scikit-learn converters: options={'zipmap': False}).";
    }
}

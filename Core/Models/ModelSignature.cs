using System.Collections.Immutable;

namespace Platform.Core.Models;

/// <summary>One input or output of a model.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Datatype">FP32, INT64, BYTES … as the V2 protocol names them.</param>
/// <param name="Shape">One number a dimension; -1 where any size goes. Empty for a scalar.</param>
/// <param name="Dimensions">The graph's own names of the free dimensions ("batch"); null where it gives none.</param>
public sealed record TensorSignature(
    string Name, string Datatype, ImmutableArray<long> Shape, ImmutableArray<string?> Dimensions);

/// <summary>What a model takes and gives, read from its graph.</summary>
/// <param name="Producer">The tool that wrote the file, as it says.</param>
/// <param name="Opsets">Operator-set version by domain; "" is ONNX's own.</param>
/// <param name="Properties">The file's own metadata properties.</param>
public sealed record ModelSignature(
    ImmutableArray<TensorSignature> Inputs,
    ImmutableArray<TensorSignature> Outputs,
    string Producer,
    ImmutableDictionary<string, long> Opsets,
    ImmutableDictionary<string, string> Properties);

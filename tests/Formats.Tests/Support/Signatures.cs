using System.Collections.Immutable;
using Platform.Core.Models;

namespace Platform.Formats.Tests.Support;

/// <summary>Signatures of models, batched: <c>("x", "FP32", [1, 28, 28])</c> is given without its first dimension.</summary>
internal static class Signatures
{
    public static ModelSignature Of(params (string Name, string Datatype, long[] Item)[] inputs) => new(
        [.. inputs.Select(input => Tensor(input.Name, input.Datatype, [-1, .. input.Item]))],
        [Tensor("y", "FP32", [-1, 2])],
        "test",
        ImmutableDictionary<string, long>.Empty,
        ImmutableDictionary<string, string>.Empty);

    public static ModelSignature Unbatched(params (string Name, string Datatype, long[] Shape)[] inputs) => Of() with
    {
        Inputs = [.. inputs.Select(input => Tensor(input.Name, input.Datatype, input.Shape))],
    };

    private static TensorSignature Tensor(string name, string datatype, long[] shape) =>
        new(name, datatype, [.. shape], [.. shape.Select(size => size < 0 ? "n" : null)]);
}

using System.Collections.Immutable;
using Platform.Core.Models;

namespace Platform.Worker.Loading;

internal static class Signatures
{
    /// <summary>What differs between what a plan promises and what a graph has; null when nothing does.</summary>
    public static string? Difference(ModelSignature planned, ModelSignature loaded) =>
        Difference("inputs", planned.Inputs, loaded.Inputs) ?? Difference("outputs", planned.Outputs, loaded.Outputs);

    private static string? Difference(string role, ImmutableArray<TensorSignature> planned, ImmutableArray<TensorSignature> loaded)
    {
        var (left, right) = (Text(planned), Text(loaded));
        return left == right ? null : $"The graph's {role} are {right}, but the registry says {left}.";
    }

    private static string Text(ImmutableArray<TensorSignature> tensors) => string.Join(
        ", ", tensors.Select(tensor => $"{tensor.Name} {tensor.Datatype} [{string.Join(',', tensor.Shape)}]"));
}

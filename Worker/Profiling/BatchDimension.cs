using Platform.Core.Models;
using Platform.Worker.Tensors;

namespace Platform.Worker.Profiling;

internal static class BatchDimension
{
    /// <summary>
    /// Null when every input and output begins with the same free dimension (one without a name may be any); else which
    /// one does not. The runtime infers shapes, so a graph that fixes its batch somewhere inside is often found here.
    /// </summary>
    public static string? Fault(ModelSignature signature, ModelInterface tensors)
    {
        var specs = tensors.Inputs.Concat(tensors.Outputs).ToArray();
        if (Array.Find(specs, spec => spec.AnyShape || spec.Shape is not [-1, ..]) is { } odd)
            return $"'{odd.Name}' has {(odd.AnyShape ? "no declared shape" : $"the shape {Shapes.Text(odd.Shape)}")}";
        var names = signature.Inputs.Concat(signature.Outputs).Select(tensor => tensor.Dimensions[0]).OfType<string>().Distinct().ToArray();
        if (names.Length > 1) return $"the first dimensions are called {string.Join(" and ", names.Select(name => $"'{name}'"))}";
        return tensors.IsBatched ? null : "the inputs do not share their first dimension";
    }
}

using System.Collections.Immutable;
using System.Text;
using Platform.Core.Models;

namespace Platform.Worker.Tensors;

/// <summary>An input or output of a loaded model, in the form that the request path uses.</summary>
internal sealed class TensorSpec(TensorSignature signature, bool anyShape)
{
    public string Name { get; } = signature.Name;

    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(signature.Name);

    public Datatype Datatype { get; } = Datatypes.Parse(signature.Datatype);

    public long[] Shape { get; } = [.. signature.Shape];

    /// <summary>Names of the classes that an output scores, where the file gives them.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>Whether the graph says nothing of the shape, not even the rank.</summary>
    public bool AnyShape { get; } = anyShape;

    public bool Admits(ReadOnlySpan<long> given)
    {
        if (AnyShape) return true;
        if (given.Length != Shape.Length) return false;
        for (var i = 0; i < given.Length; i++)
        {
            if (Shape[i] >= 0 && given[i] != Shape[i]) return false;
        }

        return true;
    }
}

/// <summary>All inputs and outputs of a loaded model, in the graph's order.</summary>
internal sealed class ModelInterface
{
    public ModelInterface(ModelSignature signature, ImmutableHashSet<string> shapeless, ImmutableArray<TensorSpec> optional)
    {
        Optional = optional;
        Inputs = [.. signature.Inputs.Select(input => new TensorSpec(input, shapeless.Contains(input.Name)))];
        Outputs = [.. signature.Outputs.Select(output => new TensorSpec(output, shapeless.Contains(output.Name))
        {
            Labels = ClassLabels.Of(signature, output.Name),
        })];
        IsBatched = signature.Inputs.Length > 0
            && signature.Inputs.Concat(signature.Outputs).All(tensor => tensor.Shape is [-1, ..] && !shapeless.Contains(tensor.Name))
            && signature.Inputs.Select(input => input.Dimensions[0]).Distinct().Count() == 1;
    }

    public ImmutableArray<TensorSpec> Inputs { get; }

    /// <summary>Inputs that the graph has a default for. They are taken when given, and not listed: often they are all of the weights.</summary>
    public ImmutableArray<TensorSpec> Optional { get; }

    public ImmutableArray<TensorSpec> Outputs { get; }

    /// <summary>Whether the first dimension of every tensor is the same free one, so that requests can share a run.</summary>
    public bool IsBatched { get; }
}

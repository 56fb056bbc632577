using System.Collections.Immutable;
using Platform.Core.Models;

namespace Platform.Formats.Items;

/// <summary>What one item of a model's batch is made of.</summary>
public sealed record ItemLayout(ImmutableArray<ItemTensor> Tensors, bool IsBatched)
{
    public static ItemLayout OfInputs(ModelSignature signature) => Of(signature.Inputs, BatchesItems(signature));

    public static ItemLayout OfOutputs(ModelSignature signature) => Of(signature.Outputs, BatchesItems(signature));

    public ItemTensor? Find(string name) => Tensors.FirstOrDefault(tensor => tensor.Name == name);

    public int IndexOf(ReadOnlySpan<byte> utf8Name)
    {
        for (var i = 0; i < Tensors.Length; i++)
        {
            if (utf8Name.SequenceEqual(Tensors[i].Utf8Name)) return i;
        }

        return -1;
    }

    /// <summary>
    /// Whether the first dimension of every tensor is the same free one, so that items can share a run. Of a model that
    /// is not so, a row is a whole request: its shapes are the model's own.
    /// </summary>
    public static bool BatchesItems(ModelSignature signature) =>
        signature.Inputs.Length > 0
        && signature.Inputs.Concat(signature.Outputs).All(tensor => tensor.Shape is [-1, ..])
        && signature.Inputs.Select(input => input.Dimensions[0]).Distinct().Count() == 1;

    private static ItemLayout Of(ImmutableArray<TensorSignature> tensors, bool isBatched) =>
        new([.. tensors.Select(tensor => new ItemTensor(tensor, isBatched))], isBatched);
}

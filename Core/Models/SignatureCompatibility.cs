using System.Collections.Immutable;

namespace Platform.Core.Models;

/// <summary>What a client of the old version would stumble over.</summary>
public enum SignatureBreakKind
{
    InputGone,
    InputAdded,
    InputDatatype,
    InputShape,
    OutputGone,
    OutputDatatype,
    OutputShape,
}

/// <summary>One reason why a version is no drop-in for another.</summary>
/// <param name="Tensor">Name of the input or output.</param>
/// <param name="Detail">What breaks, for people.</param>
public sealed record SignatureBreak(SignatureBreakKind Kind, string Tensor, string Detail);

/// <summary>
/// Whether one version can take another's place: every request valid for the old one is valid for the new one, and
/// every answer of the new one is one that the old one could have given. Names of free dimensions do not count, for
/// ONNX Runtime does not enforce them; nor do producer, opsets and properties, which no client sees.
/// </summary>
public static class SignatureCompatibility
{
    /// <summary>What breaks when <paramref name="next"/> serves the clients of <paramref name="old"/>; empty for a drop-in.</summary>
    public static ImmutableArray<SignatureBreak> Breaks(ModelSignature old, ModelSignature next) =>
    [
        .. old.Inputs.Select(input => InputBreak(input, Find(next.Inputs, input.Name))).OfType<SignatureBreak>(),
        .. next.Inputs
            .Where(input => Find(old.Inputs, input.Name) is null)
            .Select(input => new SignatureBreak(
                SignatureBreakKind.InputAdded,
                input.Name,
                $"Input {input.Name} is new, and requests made for the old version do not give it.")),
        .. old.Outputs.Select(output => OutputBreak(output, Find(next.Outputs, output.Name))).OfType<SignatureBreak>(),
    ];

    private static SignatureBreak? InputBreak(TensorSignature old, TensorSignature? next)
    {
        if (next is null)
            return new(SignatureBreakKind.InputGone, old.Name, $"Input {old.Name} is gone, and requests that give it are refused.");
        if (next.Datatype != old.Datatype)
            return new(SignatureBreakKind.InputDatatype, old.Name, $"Input {old.Name} was {old.Datatype} and is {next.Datatype}.");
        return Covers(next.Shape, old.Shape)
            ? null
            : new(SignatureBreakKind.InputShape, old.Name, $"Input {old.Name} took {Text(old.Shape)} and takes {Text(next.Shape)}.");
    }

    private static SignatureBreak? OutputBreak(TensorSignature old, TensorSignature? next)
    {
        if (next is null) return new(SignatureBreakKind.OutputGone, old.Name, $"Output {old.Name} is gone.");
        if (next.Datatype != old.Datatype)
            return new(SignatureBreakKind.OutputDatatype, old.Name, $"Output {old.Name} was {old.Datatype} and is {next.Datatype}.");
        return Covers(old.Shape, next.Shape)
            ? null
            : new(SignatureBreakKind.OutputShape, old.Name, $"Output {old.Name} was {Text(old.Shape)} and may be {Text(next.Shape)}.");
    }

    /// <summary>Whether every tensor of the narrow shape has the wide one.</summary>
    private static bool Covers(ImmutableArray<long> wide, ImmutableArray<long> narrow)
    {
        if (wide.Length != narrow.Length) return false;
        for (var i = 0; i < wide.Length; i++)
        {
            if (wide[i] != -1 && wide[i] != narrow[i]) return false;
        }

        return true;
    }

    private static TensorSignature? Find(ImmutableArray<TensorSignature> tensors, string name) =>
        tensors.FirstOrDefault(tensor => tensor.Name == name);

    private static string Text(ImmutableArray<long> shape) => $"[{string.Join(',', shape)}]";
}

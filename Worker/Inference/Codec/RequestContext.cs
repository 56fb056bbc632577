using System.Text;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Codec;

/// <summary>What a request is held against while it is read.</summary>
internal sealed class RequestContext(string model, ModelInterface tensors, RequestBody body, InferRequest request, RequestLimits limits)
{
    private int expectedNext;

    public string Model => model;

    public ModelInterface Tensors => tensors;

    public RequestBody Body => body;

    public InferRequest Request => request;

    public RequestLimits Limits => limits;

    /// <summary>Where the next binary tensor begins in the body's buffer.</summary>
    public int BinaryPosition { get; set; } = body.BinaryStart;

    public int FindInput(ReadOnlySpan<byte> name, out TensorSpec? spec)
    {
        var inputs = tensors.Inputs;
        // Clients give inputs in the graph's order, as a rule.
        for (var i = 0; i < inputs.Length; i++)
        {
            var index = (expectedNext + i) % inputs.Length;
            if (!name.SequenceEqual(inputs[index].Utf8Name)) continue;
            expectedNext = index + 1;
            spec = inputs[index];
            return index;
        }

        for (var i = 0; i < tensors.Optional.Length; i++)
        {
            if (!name.SequenceEqual(tensors.Optional[i].Utf8Name)) continue;
            spec = tensors.Optional[i];
            return inputs.Length + i;
        }

        throw RequestException.BadRequest(
            $"unexpected inference input '{Encoding.UTF8.GetString(name)}' for model '{model}'. Its inputs are {Names(tensors.Inputs)}");
    }

    public TensorSpec FindOutput(ReadOnlySpan<byte> name)
    {
        foreach (var output in tensors.Outputs)
        {
            if (name.SequenceEqual(output.Utf8Name)) return output;
        }

        throw RequestException.BadRequest(
            $"unexpected inference output '{Encoding.UTF8.GetString(name)}' for model '{model}'. Its outputs are {Names(tensors.Outputs)}");
    }

    /// <exception cref="RequestException">That many of them are more than a request may have.</exception>
    public void Count(int tensors, string what)
    {
        if (tensors > limits.MaxTensors)
            throw RequestException.BadRequest($"the request has more than {limits.MaxTensors} {what}, the most that are taken (Worker:MaxTensors)");
    }

    public static string Names(IEnumerable<TensorSpec> tensors) =>
        "[" + string.Join(", ", tensors.Select(tensor => $"'{tensor.Name}'")) + "]";
}

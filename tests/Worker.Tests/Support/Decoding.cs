using System.Text;
using Microsoft.AspNetCore.Http;
using Platform.Core.Models;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Tensors;

namespace Platform.Worker.Tests.Support;

/// <summary>The codec without a server around it.</summary>
internal static class Decoding
{
    public static ModelInterface Model(params (string Name, string Datatype, long[] Shape)[] inputs) => new(
        new ModelSignature(
            [.. inputs.Select(input => Signature(input.Name, input.Datatype, input.Shape))],
            [Signature("y", "FP32", [-1, 1]), Signature("z", "FP16", [-1, 1])],
            "", System.Collections.Immutable.ImmutableDictionary<string, long>.Empty, System.Collections.Immutable.ImmutableDictionary<string, string>.Empty),
        [], []);

    /// <summary>Decodes and hands the request to the test while its memory is there.</summary>
    public static async Task<T> ReadAsync<T>(ModelInterface model, byte[] content, int? headerLength, Func<InferRequest, T> look, int maxBytes = 1 << 20, RequestLimits? limits = null)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(content);
        if (headerLength is not null) context.Request.Headers[RequestBody.HeaderLengthHeader] = $"{headerLength}";
        using var body = await RequestBody.ReadAsync(context.Request, maxBytes, TestContext.Current.CancellationToken);
        using var request = RequestReader.Read("m", model, body, limits ?? RequestLimits.Default);
        return look(request);
    }

    public static Task<T> ReadAsync<T>(ModelInterface model, string json, Func<InferRequest, T> look) =>
        ReadAsync(model, Encoding.UTF8.GetBytes(json), null, look);

    private static TensorSignature Signature(string name, string datatype, long[] shape) =>
        new(name, datatype, [.. shape], [.. shape.Select(dimension => dimension < 0 ? "N" : null)]);
}

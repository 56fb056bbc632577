using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using Platform.Api.Inference.Protocol;

namespace Platform.Api.Inference.Grpc;

/// <summary>
/// Reads a ModelInferRequest with its raw tensors copied once: protobuf's own reader would copy each into a ByteString,
/// and that would have to be copied again into the body that goes to a worker.
/// </summary>
internal static class RequestMarshaller
{
    /// <summary>Of JSON to bytes of protobuf, for names, shapes and parameters; generous, since too little costs a copy.</summary>
    private const int HeadGrowth = 6;
    private const int HeadBytes = 512;

    public static Marshaller<ModelInferRequest> Instance { get; } = new((request, context) =>
    {
        context.SetPayloadLength(request.CalculateSize());
        request.WriteTo(context.GetBufferWriter());
        context.Complete();
    }, context => Read(context.PayloadAsReadOnlySequence()));

    /// <exception cref="RpcException">INVALID_ARGUMENT: the bytes are no such message.</exception>
    public static ModelInferRequest Read(in ReadOnlySequence<byte> message)
    {
        if (!RawContents.TryFind(message, out var raw)) throw Damaged("a field reaches beyond its end");
        try
        {
            var request = Parse(message, raw);
            if (raw.Count > 0) request.Raw = Copy(message, raw);
            return request;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw Damaged(e.Message);
        }
    }

    /// <summary>The fields between the raw tensors: protobuf lets a message be read in pieces and merged.</summary>
    private static ModelInferRequest Parse(in ReadOnlySequence<byte> message, List<RawContents> raw)
    {
        var request = new ModelInferRequest();
        var at = 0L;
        foreach (var next in raw)
        {
            if (next.FieldStart > at) request.MergeFrom(ModelInferRequest.Parser.ParseFrom(message.Slice(at, next.FieldStart - at)));
            at = next.Start + next.Length;
        }

        if (at == 0) return ModelInferRequest.Parser.ParseFrom(message);
        if (at < message.Length) request.MergeFrom(ModelInferRequest.Parser.ParseFrom(message.Slice(at)));
        return request;
    }

    private static CallBody Copy(in ReadOnlySequence<byte> message, List<RawContents> raw)
    {
        var bytes = raw.Sum(contents => contents.Length);
        var body = new CallBody((int)(HeadBytes + (HeadGrowth * (message.Length - bytes))), (int)bytes);
        foreach (var contents in raw) message.Slice(contents.Start, contents.Length).CopyTo(body.Take((int)contents.Length));
        return body;
    }

    private static RpcException Damaged(string why) =>
        new(new Status(StatusCode.InvalidArgument, $"The message is not a ModelInferRequest: {why}"));
}

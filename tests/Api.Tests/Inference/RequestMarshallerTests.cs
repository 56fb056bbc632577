using System.Buffers;
using System.Text.Json;
using CsCheck;
using Google.Protobuf;
using Grpc.Core;
using Platform.Api.Inference.Grpc;
using Platform.Api.Inference.Protocol;

namespace Platform.Api.Tests.Inference;

public sealed class RequestMarshallerTests
{
    [Fact]
    public void Read_RawTensors_LieBehindTheJsonThatDescribesThem()
    {
        var request = RequestMarshaller.Read(Pieces(Sample([1, 2, 3, 4], [5, 6]).ToByteArray(), 7));

        using var tensors = InferRequests.TensorsOf(request);
        var head = RequestHead.Write(request, tensors.Sizes, null);
        var body = tensors.Finish(head).Span;

        Assert.Equal([1, 2, 3, 4, 5, 6], body[head.Length..].ToArray());
        var json = JsonDocument.Parse(head.ToArray()).RootElement;
        Assert.Equal(4, json.GetProperty("inputs")[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
        Assert.Equal("b", json.GetProperty("inputs")[1].GetProperty("name").GetString());
        Assert.True(json.GetProperty("parameters").GetProperty("binary_data_output").GetBoolean());
    }

    [Fact]
    public void Read_AnySplitOfTheMessage_GivesTheSame() => Gen.Select(Gen.Byte.Array[0, 40], Gen.Byte.Array[0, 40], Gen.Int[1, 30]).Sample((a, b, piece) =>
    {
        var request = RequestMarshaller.Read(Pieces(Sample(a, b).ToByteArray(), piece));
        using var raw = request.Raw!;
        return raw.Sizes.SequenceEqual([a.Length, b.Length]) && raw.Finish([]).Span.SequenceEqual([.. a, .. b]) && request.Inputs.Count == 2;
    });

    [Fact]
    public void Read_FieldsAroundTheRawTensors_AreKept()
    {
        // A writer may put its fields in any order.
        var tail = new ModelInferRequest { ModelName = "m", Id = "after" };
        byte[] message = [.. new ModelInferRequest { ModelVersion = "1" }.ToByteArray(), .. Sample([1], [2]).ToByteArray(), .. tail.ToByteArray()];

        var request = RequestMarshaller.Read(new(message));

        Assert.Equal(("m", "1", "after"), (request.ModelName, request.ModelVersion, request.Id));
        Assert.Equal([1, 1], request.Raw!.Sizes);
    }

    [Fact]
    public void Read_BytesThatAreNoMessage_IsInvalidArgumentAndNothingElse() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        try
        {
            RequestMarshaller.Read(new(bytes)).Raw?.Dispose();
            return true;
        }
        catch (RpcException e)
        {
            return e.StatusCode == StatusCode.InvalidArgument;
        }
    });

    [Fact]
    public void Finish_HeadLargerThanItsRoom_StandsRightBeforeTheTensorsAllTheSame()
    {
        using var body = new CallBody(headroom: 4, tensorBytes: 2);
        new byte[] { 8, 9 }.CopyTo(body.Take(2));

        Assert.Equal([.. "a longer head"u8, 8, 9], body.Finish("a longer head"u8).ToArray());
    }

    [Fact]
    public void Tensors_TypedAndRawTogether_AreRefused()
    {
        var request = RequestMarshaller.Read(new(Sample([1], [2]).ToByteArray()));
        request.Inputs[1].Contents = new InferTensorContents { IntContents = { 1 } };

        Assert.Contains("contents field must not be specified when using raw_input_contents for 'b'", Refusal(request), StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_FewerRawOnesThanInputs_AreRefused()
    {
        var sample = Sample([1], [2]);
        sample.RawInputContents.RemoveAt(1);

        Assert.Contains("expected 2 raw_input_contents", Refusal(RequestMarshaller.Read(new(sample.ToByteArray()))), StringComparison.Ordinal);
    }

    private static string Refusal(ModelInferRequest request) =>
        Assert.Throws<InvalidRequestException>(() => InferRequests.TensorsOf(request).Dispose()).Message;

    private static ModelInferRequest Sample(byte[] a, byte[] b) => new()
    {
        ModelName = "m",
        Inputs = { Input("a", a.Length), Input("b", b.Length) },
        RawInputContents = { ByteString.CopyFrom(a), ByteString.CopyFrom(b) },
    };

    private static ModelInferRequest.Types.InferInputTensor Input(string name, int bytes) =>
        new() { Name = name, Datatype = "UINT8", Shape = { bytes } };

    /// <summary>The bytes in several segments, as a connection brings them.</summary>
    private static ReadOnlySequence<byte> Pieces(byte[] bytes, int size)
    {
        var first = new Segment(default, 0);
        var last = first;
        foreach (var piece in bytes.Chunk(size)) last = last.Append(piece);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Append(byte[] bytes)
        {
            var next = new Segment(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}

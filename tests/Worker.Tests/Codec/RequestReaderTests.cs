using System.Text;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Tensors;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Codec;

public sealed class RequestReaderTests
{
    private static readonly ModelInterface Matrix = Decoding.Model(("x", "FP32", [-1, 2]));
    private static readonly ModelInterface Pair = Decoding.Model(("a", "INT32", [-1, 2]), ("b", "INT32", [-1, 2]));

    [Theory]
    [InlineData("""{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[1,2,3,4]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2],[3,4]]}]}""")]
    [InlineData(""" { "inputs" : [ { "data" : [ [ 1 , 2.0 ] , [ 3e0 , 4 ] ] , "name":"x", "shape":[2,2], "datatype":"FP32" } ] } """)]
    [InlineData("""{"id":null,"parameters":null,"outputs":null,"inputs":[{"name":"x","parameters":null,"shape":[2,2],"data":[1,2,3,4],"datatype":"FP32"}]}""")]
    [InlineData("""{"other":{"a":[{"b":[null,true,"\u00e9",1e5]}]},"inputs":[{"name":"\u0078","shape":[2,2],"datatype":"FP32","data":[1,2,3,4],"more":[[]]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[1,2,3,4]}],"parameters":{"anything":"else","priority":3}}""")]
    public async Task Read_AnyWayOfWritingIt_GivesTheSameTensor(string json)
    {
        var values = await Decoding.ReadAsync(Matrix, json, request => request.Inputs[0].As<float>().ToArray());
        Assert.Equal([1f, 2f, 3f, 4f], values);
    }

    [Theory]
    [InlineData("", "expected '{'")]
    [InlineData("[]", "expected '{'")]
    [InlineData("{}", "has no 'inputs'")]
    [InlineData("""{"inputs":[]}""", "expected 1 inputs but got 0 inputs for model 'm'. Missing required input(s) ['x']")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]} x""", "unexpected text after the end")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]""", "expected ','")]
    [InlineData("""{"inputs":[],"inputs":[]}""", "two fields 'inputs'")]
    [InlineData("""{"inputs":[{"name":"q","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""", "unexpected inference input 'q' for model 'm'")]
    [InlineData("""{"inputs":[{"shape":[1,2],"datatype":"FP32","data":[1,2]}]}""", "an input has no 'name'")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","data":[1,2]}]}""", "input 'x' has no 'shape'")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"data":[1,2]}]}""", "input 'x' has no 'datatype'")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32"}]}""", "input 'x' has no 'data'")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP31","data":[1,2]}]}""", "datatype is none of BOOL")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"INT32","data":[1,2]}]}""", "inference input 'x' data-type is 'INT32', but model 'm' expects 'FP32'")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""", "unexpected shape for input 'x' for model 'm'. Expected [-1,2], got [1,3]. NOTE:")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","data":[1,2]}]}""", "Expected [-1,2], got [2]")]
    [InlineData("""{"inputs":[{"name":"x","shape":[-1,2],"datatype":"FP32","data":[1,2]}]}""", "negative dimension -1")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1.5,2],"datatype":"FP32","data":[1,2]}]}""", "expected a whole number as a dimension")]
    [InlineData("""{"inputs":[{"name":"x","shape":[9223372036854775807,2],"datatype":"FP32","data":[1,2]}]}""", "causes total element count to exceed maximum size")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1000000000,2],"datatype":"FP32","data":[1,2]}]}""", "calls for 2000000000 at depth 1, but the data has 2")]
    [InlineData("""{"inputs":[{"name":"x","shape":[0,2],"datatype":"FP32","data":[]}]}""", "batch-size must be >= 1")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[1,2,3]}]}""", "Shape does not match true shape of 'data' field for input 'x'")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[1,2,3,4,5]}]}""", "calls for 4 at depth 1, but the data has 5")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2,3],[4]]}]}""", "calls for 2 at depth 2, but the data has 3")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2]]}]}""", "calls for 2 at depth 1, but the data has 1")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[[[1,2],[3,4]]]}]}""", "nested deeper than its shape [2,2]")]
    [InlineData("""{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2],3,4]}]}""", "expected '['")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,[2]]}]}""", "element 1 of an array is not a number")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,"2"]}]}""", "element 1 of an array is not a number")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,]}]}""", "element 1 of an array is not a number")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1 2]}]}""", "expected ',' or ']'")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2""", "expected ',' or ']'")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":{"0":1}}]}""", "expected '['")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]},{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""", "input 'x' already exists in request")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2],"parameters":{"binary_data_size":8}}]}""", "both 'data' and 'binary_data_size'")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}}]}""", "expecting 8 additional bytes for model 'm'")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":-8}}]}""", "binary_data_size is negative")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","parameters":{"shared_memory_region":"r"}}]}""", "shared memory is not supported")]
    [InlineData("""{"outputs":[{"name":"q"}],"inputs":[]}""", "unexpected inference output 'q' for model 'm'. Its outputs are ['y', 'z']")]
    [InlineData("""{"outputs":[{"name":"y"},{"name":"y"}],"inputs":[]}""", "output 'y' already exists")]
    [InlineData("""{"parameters":{"timeout":-1},"inputs":[]}""", "timeout is negative")]
    [InlineData("""{"parameters":{"timeout":"soon"},"inputs":[]}""", "expected a whole number as timeout")]
    [InlineData("""{"parameters":{"priority":-1},"inputs":[]}""", "priority is negative")]
    [InlineData("""{"parameters":{"binary_data_output":1},"inputs":[]}""", "expected true or false as binary_data_output")]
    [InlineData("""{"id":5,"inputs":[]}""", "expected a string as 'id'")]
    [InlineData("{\"id\":\"a\u0001b\",\"inputs\":[]}", "control character")]
    [InlineData("""{"id":"\ud800","inputs":[]}""", "is not valid")]
    [InlineData("""{"id":"\x","inputs":[]}""", "is not valid")]
    [InlineData("""{"id":"abc""", "does not end")]
    [InlineData("""{"id":"abc\""", "does not end")]
    public async Task Read_WhatCannotBeAnswered_SaysWhy(string json, string expected)
    {
        var refusal = await Assert.ThrowsAsync<RequestException>(() => Decoding.ReadAsync(Matrix, json, _ => 0));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(400, refusal.Status);
    }

    [Fact]
    public async Task Read_BatchesThatDiffer_SaysWhich()
    {
        const string json = """{"inputs":[{"name":"b","shape":[2,2],"datatype":"INT32","data":[1,2,3,4]},{"name":"a","shape":[1,2],"datatype":"INT32","data":[5,6]}]}""";
        var refusal = await Assert.ThrowsAsync<RequestException>(() => Decoding.ReadAsync(Pair, json, _ => 0));
        Assert.Contains("input 'b' batch size does not match other inputs for 'm'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_InputsInAnotherOrder_AreGivenInTheGraphs()
    {
        const string json = """{"inputs":[{"name":"b","shape":[1,2],"datatype":"INT32","data":[3,4]},{"name":"a","shape":[1,2],"datatype":"INT32","data":[1,2]}]}""";
        var values = await Decoding.ReadAsync(Pair, json, request => request.Inputs.SelectMany(input => input.As<int>().ToArray()).ToArray());
        Assert.Equal([1, 2, 3, 4], values);
    }

    [Theory]
    [InlineData("arrays")]
    [InlineData("objects")]
    [InlineData("data")]
    public async Task Read_DepthBomb_IsRefused(string kind)
    {
        var json = kind switch
        {
            "arrays" => "{\"x\":" + new string('[', 200_000),
            "objects" => "{\"x\":" + string.Concat(Enumerable.Repeat("{\"a\":", 50_000)),
            _ => """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":""" + new string('[', 200_000),
        };
        var refusal = await Assert.ThrowsAsync<RequestException>(() => Decoding.ReadAsync(Matrix, json, _ => 0));
        Assert.Contains("nested deeper", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_InvalidUtf8_IsRefused()
    {
        byte[] json = [.. "{\"id\":\""u8, 0xC3, 0x28, .. "\",\"inputs\":[]}"u8];
        var refusal = await Assert.ThrowsAsync<RequestException>(() => Decoding.ReadAsync(Matrix, json, null, _ => 0));
        Assert.Contains("not UTF-8", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_BodyOverTheLimit_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<RequestException>(() => Decoding.ReadAsync(Matrix, new byte[101], null, _ => 0, maxBytes: 100));
        Assert.Equal(413, refusal.Status);
    }

    /// <summary>Whatever one byte of a request becomes, it is read or refused, and nothing else happens.</summary>
    [Fact]
    public async Task Read_DamagedRequest_IsReadOrRefused()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var whole = Encoding.UTF8.GetBytes(
            """{"id":"\u00e9","parameters":{"timeout":5},"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1.5,-2],[3e1,4]]}],"outputs":[{"name":"y"}]}""");
        for (var i = 0; i < 50_000; i++)
        {
            var damaged = whole.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0) damaged = damaged[..random.Next(damaged.Length)];
            try
            {
                await Decoding.ReadAsync(Matrix, damaged, random.Next(3) == 0 ? random.Next(whole.Length) : null, _ => 0);
            }
            catch (RequestException e)
            {
                Assert.True(e.Status is 400, $"{e.Message}, seed {seed}");
            }
        }
    }

    [Theory]
    [InlineData("""{"a":[[[[[1]]]]],"inputs":[]}""", 4, 1000, 8, "nested deeper than 4 levels")]
    [InlineData("""{"inputs":[{"name":"x","shape":[3,2],"datatype":"FP32","data":[1,2,3,4,5,6]}]}""", 64, 5, 8, "exceed maximum size of 5")]
    [InlineData("""{"inputs":[{"name":"a","shape":[1,2],"datatype":"INT32","data":[1,2]},{"name":"b","shape":[1,2],"datatype":"INT32","data":[1,2]}]}""", 64, 1000, 1, "more than 1 inputs")]
    [InlineData("""{"outputs":[{"name":"y"},{"name":"z"}],"inputs":[]}""", 64, 1000, 1, "more than 1 outputs")]
    public async Task Read_BeyondALimit_SaysWhich(string json, int depth, long elements, int tensors, string expected)
    {
        var model = json.Contains("INT32", StringComparison.Ordinal) ? Pair : Matrix;
        var refusal = await Assert.ThrowsAsync<RequestException>(() => Decoding.ReadAsync(
            model, Encoding.UTF8.GetBytes(json), null, request => request.BatchSize, limits: new RequestLimits(depth, elements, tensors)));
        Assert.Equal(400, refusal.Status);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"sequence_id\":7", "'sequence_id' asks for a sequence")]
    [InlineData("\"sequence_id\":\"s\"", "'sequence_id' asks for a sequence")]
    [InlineData("\"sequence_start\":true", "'sequence_start' asks for a sequence")]
    [InlineData("\"triton_secret\":1", "'triton_secret' is reserved")]
    [InlineData("\"sequence_id\":0,\"sequence_start\":false,\"sequence_end\":false,\"mine\":{}", null)]
    [InlineData("\"sequence_id\":\"\"", null)]
    public async Task Read_ReservedParameters_AreRefusedUnlessTheyAskForNothing(string parameter, string? expected)
    {
        var json = "{\"parameters\":{" + parameter + "},\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1,2]}]}";
        var refusal = await Record.ExceptionAsync(() => Decoding.ReadAsync(Matrix, json, request => request.BatchSize));
        if (expected is null) Assert.Null(refusal);
        else Assert.Contains(expected, refusal!.Message, StringComparison.Ordinal);
    }
}

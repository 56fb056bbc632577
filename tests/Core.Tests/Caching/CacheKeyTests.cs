using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using Platform.Core.Caching;
using Platform.Core.Models;

namespace Platform.Core.Tests.Caching;

public sealed class CacheKeyTests
{
    private const string Plain = """{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[0.5,1]}]}""";

    private static readonly ModelSignature Signature = new(
        [new("x", "FP32", [-1], [null])], [new("y", "FP32", [-1], [null]), new("z", "FP32", [-1], [null])], "",
        ImmutableDictionary<string, long>.Empty, ImmutableDictionary<string, string>.Empty);

    [Theory]
    [InlineData("""{ "inputs" : [ { "name":"x", "shape":[2], "datatype":"FP32", "data":[5e-1, 1.0] } ], "id":"7" }""")]
    [InlineData("""{"id":"8","parameters":{"priority":1,"timeout":5},"inputs":[{"data":[0.5,1],"name":"x","datatype":"FP32","shape":[2]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[0.5,1]}],"outputs":[{"name":"y"},{"name":"z","parameters":{"binary_data":false}}]}""")]
    public void Question_InAnotherSpelling_IsTheSame(string json) => Assert.Equal(Key(Plain)!.Digest, Key(json)!.Digest);

    [Theory]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[0.5,1.0000001]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[0.5,1]}]}""")]
    [InlineData("""{"inputs":[{"name":"w","datatype":"FP32","shape":[2],"data":[0.5,1]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP64","shape":[2],"data":[0.5,1]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[0.5,1]}],"outputs":[{"name":"y"}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[0.5,1]}],"outputs":[{"name":"z"},{"name":"y"}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[0.5,1]}],"parameters":{"binary_data_output":true}}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[0.5,1]}],"outputs":[{"name":"y","parameters":{"classification":1}},{"name":"z"}]}""")]
    public void Question_ThatHasAnotherAnswer_IsAnotherOne(string json) => Assert.NotEqual(Key(Plain)!.Digest, Key(json)!.Digest);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("not JSON")]
    [InlineData("""{"inputs":[]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[0.5]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[0.5,1,2]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[0.5,"1"]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":[0.5,1e60]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[[0.5],[1]]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"INT8","shape":[1],"data":[300]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]},{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}],"id":1}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}],"sequence":1}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}],"parameters":{"sequence_id":1}}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]} more""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"parameters":{"binary_data_size":4}}]}""")]
    public void Question_ThatIsOutOfTheOrdinary_IsTheWorkersToJudge(string json) => Assert.Null(Key(json));

    [Fact]
    public void Question_ToAnotherModelOrVersion_IsAnotherOne()
    {
        var body = Encoding.UTF8.GetBytes(Plain);
        var keys = new[]
        {
            CacheKey.TryRead("m", "1.0.0", "s", Signature, body, null), CacheKey.TryRead("n", "1.0.0", "s", Signature, body, null),
            CacheKey.TryRead("m", "2.0.0", "s", Signature, body, null), CacheKey.TryRead("m", "1.0.0", "t", Signature, body, null),
        };

        Assert.Equal(4, keys.Select(key => key!.Digest).Distinct().Count());
    }

    [Fact]
    public void Question_InBinary_IsTheOneInJson() => Gen.Float[-1000, 1000].Array[1, 20].Sample(values =>
    {
        var tensor = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        var json = $$"""{"inputs":[{"name":"x","datatype":"FP32","shape":[{{values.Length}}],"data":[{{string.Join(',', values.Select(value => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))}}]}]}""";
        var head = $$"""{"inputs":[{"name":"x","datatype":"FP32","shape":[{{values.Length}}],"parameters":{"binary_data_size":{{tensor.Length}} } }]}""";

        Assert.Equal(Key(json)!.Digest, CacheKey.TryRead("m", "1.0.0", "s", Signature, [.. Encoding.UTF8.GetBytes(head), .. tensor], head.Length)!.Digest);
    });

    [Fact]
    public void ClientId_IsRead()
    {
        Assert.Null(Key(Plain)!.ClientId);
        Assert.Equal("ä\"", Key(Plain.Replace("{\"inputs\"", "{\"id\":\"\\u00e4\\\"\",\"inputs\"", StringComparison.Ordinal))!.ClientId);
    }

    private static CacheKey? Key(string json) => CacheKey.TryRead("m", "1.0.0", "s", Signature, Encoding.UTF8.GetBytes(json), null);
}

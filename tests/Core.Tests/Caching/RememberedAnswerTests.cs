using System.Text;
using Platform.Core.Caching;

namespace Platform.Core.Tests.Caching;

public sealed class RememberedAnswerTests
{
    [Theory]
    [InlineData("b", "\"b\"")]
    [InlineData("a \"longer\" ä", "\"a \\\"longer\\\" ä\"")]
    public void Answer_ForAnotherRequest_HasItsId(string id, string expected)
    {
        var answer = Encoding.UTF8.GetBytes("""{"model_name":"id","id":"first","outputs":[{"id":"x"}]}BINARY""");
        var remembered = RememberedAnswer.TryTake(answer, answer.Length - 6, default)!;

        var (body, jsonBytes) = remembered.For(id);

        var json = $$"""{"model_name":"id","id":{{expected}},"outputs":[{"id":"x"}]}""";
        Assert.Equal(json + "BINARY", Encoding.UTF8.GetString(body));
        Assert.Equal(Encoding.UTF8.GetByteCount(json), jsonBytes);
    }

    [Theory]
    [InlineData("""{"model_name":"m","outputs":[]}""")]
    [InlineData("""{"id":1}""")]
    [InlineData("no JSON")]
    [InlineData("")]
    public void Answer_WithoutAnId_IsNotRemembered(string answer) =>
        Assert.Null(RememberedAnswer.TryTake(Encoding.UTF8.GetBytes(answer), null, default));

    [Fact]
    public void Store_WithTooManyBytes_ForgetsTheLeastRecentlyUsed()
    {
        var store = new AnswerStore(1_000);
        var answer = new RememberedAnswer(new byte[50], new byte[50], null, default);
        foreach (var key in new[] { "a", "b" }) store.Put(key, answer);
        Assert.NotNull(store.Find("a"));

        store.Put("c", answer);

        Assert.Equal((true, false, true), (store.Find("a") is not null, store.Find("b") is not null, store.Find("c") is not null));
        Assert.InRange(store.Bytes, 1, 1_000);
        store.Put("d", new RememberedAnswer(new byte[2_000], [], null, default));
        Assert.Equal((2, null), (store.Count, store.Find("d")));
    }
}

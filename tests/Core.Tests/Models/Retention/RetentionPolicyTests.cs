using System.Text.Json;
using Platform.Core.Models.Retention;

namespace Platform.Core.Tests.Models.Retention;

public sealed class RetentionPolicyTests
{
    public static readonly TheoryData<string?, RetentionPolicy> Cases = new()
    {
        { null, new() },
        { null, new(1, TimeSpan.FromTicks(1)) },
        { null, new(RetentionPolicy.MaxKeepLast, RetentionPolicy.MaxMaxAge) },
        { "keep_last", new(0) },
        { "keep_last", new(RetentionPolicy.MaxKeepLast + 1) },
        { "max_age", new(MaxAge: TimeSpan.Zero) },
        { "max_age", new(MaxAge: RetentionPolicy.MaxMaxAge + TimeSpan.FromTicks(1)) },
        { "keep_tagged", new(KeepTagged: false) },
    };

    [Theory, MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Refuse_BeyondALimit_NamesTheField(string? field, RetentionPolicy policy) => Assert.Equal(field, policy.Refuse()?.Field);

    [Fact]
    public void Json_OfAPolicy_IsAsTheContractSays()
    {
        const string Json = """{"keep_last":5,"max_age":"30d","keep_tagged":true}""";
        var policy = new RetentionPolicy(5, TimeSpan.FromDays(30));

        Assert.Equal(Json, JsonSerializer.Serialize(policy, PlatformJson.Options));
        Assert.Equal(policy, JsonSerializer.Deserialize<RetentionPolicy>(Json, PlatformJson.Options));
        Assert.Equal(new RetentionPolicy(5), JsonSerializer.Deserialize<RetentionPolicy>("""{"keep_last":5}""", PlatformJson.Options));
    }
}

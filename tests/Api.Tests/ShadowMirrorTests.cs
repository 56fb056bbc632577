using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Api.Rollouts;
using Platform.Api.Serving;
using Platform.Core.Models;
using Platform.Core.Rollouts;
using Platform.Core.Serving;
using Platform.SharedState.Plans;
using Platform.Tests;

namespace Platform.Api.Tests;

public sealed class ShadowMirrorTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly ModelSignature Signature =
        new([], [], "", ImmutableDictionary<string, long>.Empty, ImmutableDictionary<string, string>.Empty);
    private static readonly InferenceAnswer Ok = new() { Status = 200, Version = "1.0.0", Route = "stable" };
    private readonly string model = $"m-{Guid.NewGuid():n}";
    private readonly ShadowTally tally = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answered_BeyondTheQueue_IsDroppedAndCounted()
    {
        using var plans = await FollowAsync(sample: 10_000);
        var mirror = Mirror(plans, new ShadowOptions { MaxWaiting = 3 });
        for (var i = 0; i < 10; i++) mirror.Answered(Call("{}"), Placed("1.0.0"), "stable", Ok, TimeSpan.Zero);
        Assert.Equal((model, "2.0.0", ShadowFigures.None with { Dropped = 7 }), Assert.Single(tally.Take()));
    }

    [Fact]
    public async Task Answered_BeyondTheBytes_IsDroppedAndMakesRoomWhenTaken()
    {
        using var plans = await FollowAsync(sample: 10_000);
        var mirror = Mirror(plans, new ShadowOptions { MaxWaitingBytes = 1_024 });
        void Answer() => mirror.Answered(Call(new string('x', 600)), Placed("1.0.0"), "stable", Ok, TimeSpan.Zero);
        Answer();
        Answer();
        Assert.Equal(1, Assert.Single(tally.Take()).Figures.Dropped);
        await TakeAsync(mirror);
        Answer();
        Assert.Empty(tally.Take());
    }

    [Fact]
    public async Task Copy_KeepsItsBodyAfterTheCallersIsGone()
    {
        using var plans = await FollowAsync(sample: 10_000);
        var mirror = Mirror(plans, new ShadowOptions());
        var body = Encoding.UTF8.GetBytes("mine");
        mirror.Answered(Call("") with { Body = body }, Placed("1.0.0"), "stable", Ok, TimeSpan.Zero);
        Array.Clear(body);
        var copy = await TakeAsync(mirror);
        Assert.Equal(("mine", "2.0.0"), (Encoding.UTF8.GetString(copy.Call.Body.Span), copy.Call.Version));
    }

    [Theory]
    [InlineData("canary", null, 200, 10_000), InlineData("stable", "1.0.0", 200, 10_000)]
    [InlineData("stable", null, 500, 10_000), InlineData("stable", null, 200, 0)]
    public async Task Answered_ThatIsNotTheMirrorsBusiness_IsLeftAlone(string route, string? named, int status, int sample)
    {
        using var plans = await FollowAsync(sample);
        var mirror = Mirror(plans, new ShadowOptions { MaxWaiting = 1 });
        for (var i = 0; i < 5; i++)
            mirror.Answered(Call("{}") with { Version = named }, Placed("1.0.0"), route, Ok with { Status = status }, TimeSpan.Zero);
        Assert.Empty(tally.Take());
    }

    [Fact]
    public void Read_JsonAndBinaryAnswers_GiveTheSameNumbers()
    {
        var json = new InferenceAnswer
        {
            Status = 200,
            Body = Encoding.UTF8.GetBytes("""{"outputs":[{"name":"y","datatype":"FP32","shape":[2,2],"data":[[1,2.5],[3,4]]}]}"""),
        };
        var header = Encoding.UTF8.GetBytes("""{"outputs":[{"name":"y","datatype":"FP32","shape":[2,2],"parameters":{"binary_data_size":16}}]}""");
        var numbers = new float[] { 1, 2.5f, 3, 4 }.SelectMany(BitConverter.GetBytes).ToArray();
        var binary = json with { Body = header.Concat(numbers).ToArray(), HeaderLength = $"{header.Length}" };
        var (left, right) = (AnswerReading.Read(json)!, AnswerReading.Read(binary)!);
        Assert.Equal((2, "y"), (left[0].Columns, left[0].Name));
        Assert.Equal(left[0].Values, right[0].Values);
        Assert.Equal(1, AnswerComparison.Compare(left, right).Agreed);
        Assert.Null(AnswerReading.Read(json with { Body = "no JSON"u8.ToArray() }));
        Assert.Null(AnswerReading.Read(json with { Body = """{"outputs":[{"name":"y","datatype":"BYTES","shape":[1],"data":["a"]}]}"""u8.ToArray() }));
    }

    private static PlacedVersion Placed(string version) => new(version, new ArtifactInfo(1, "aa", true, null), Signature, new DeploymentConfig());

    private static async Task<MirroredCall> TakeAsync(ShadowMirror mirror)
    {
        await foreach (var taken in mirror.TakeAsync(Cancellation)) return taken;
        throw new InvalidOperationException("Nothing was mirrored.");
    }

    private InferenceCall Call(string body) => new() { Model = model, RequestId = "r-1", Body = Encoding.UTF8.GetBytes(body) };

    private ShadowMirror Mirror(PlanFollower plans, ShadowOptions options) => new(plans, tally, Options.Create(options));

    private async Task<PlanFollower> FollowAsync(int sample)
    {
        var store = new PlanStore(redis.Connection);
        await store.PublishAsync(new ModelPlan(
            model, 1, [Placed("1.0.0"), Placed("2.0.0")], [new("1.0.0", 10_000, "stable")], Shadow: new ShadowPlan("2.0.0", sample)));
        var plans = new PlanFollower(redis.Connection, store, TimeProvider.System, NullLogger<PlanFollower>.Instance);
        await plans.StartAsync(Cancellation);
        await plans.Loaded.WaitAsync(Cancellation);
        return plans;
    }
}

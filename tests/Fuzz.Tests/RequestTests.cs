using System.Net.Http.Headers;
using Grpc.Core;
using Platform.Tests;

namespace Platform.Fuzz.Tests;

/// <summary>Whatever is sent, it is answered in time, and nothing fails without a logged cause. A third each is JSON, binary and gRPC.</summary>
public sealed class RequestTests(RedisServer redis, ITestOutputHelper output) : IClassFixture<RedisServer>
{
    private const int Seed = 20_260_101;
    private const int Parallel = 8;
    private const int Lanes = 3 * Parallel;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("json")]
    [InlineData("binary")]
    [InlineData("grpc")]
    public async Task Request_Changed_IsAnsweredAndFailsNothing(string protocol)
    {
        await using var platform = await FuzzPlatform.StartAsync(redis, Seeds.Models, TestContext.Current.CancellationToken);
        var answers = await Task.WhenAll(Enumerable.Range(0, Parallel).Select(lane => LaneAsync(platform, protocol, lane)));
        var statuses = answers.SelectMany(lane => lane).GroupBy(status => status).ToDictionary(group => group.Key, group => group.Count());
        output.WriteLine($"{protocol}, seed {Seed}: {string.Join(", ", statuses.OrderBy(status => status.Key).Select(status => $"{status.Key} {status.Value} times"))}");
        var failed = statuses.Where(status => status.Key is "500" or nameof(StatusCode.Internal) or nameof(StatusCode.Unknown)).Sum(status => status.Value);
        Assert.True(failed == 0 && platform.Log.Errors.IsEmpty, $"{failed} failed: {string.Join("\n", platform.Log.Errors.Take(5))}");
        // Enough come through for the path behind the parser to be tried as well, and most do not.
        Assert.Contains(protocol == "grpc" ? nameof(StatusCode.OK) : "200", statuses.Keys);
        Assert.Contains(protocol == "grpc" ? nameof(StatusCode.InvalidArgument) : "400", statuses.Keys);
    }

    private static async Task<List<string>> LaneAsync(FuzzPlatform platform, string protocol, int lane)
    {
        var random = new Random(Seed + (lane * 7_919) + protocol.Length);
        var statuses = new List<string>();
        for (var i = 0; i < (Amount.Requests + Lanes - 1) / Lanes; i++)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(Patience);
            statuses.Add(protocol == "grpc"
                ? (await platform.AskGrpcAsync(Mutation.Of(Seeds.Grpc[random.Next(Seeds.Grpc.Length)], random, Seeds.Grpc), limit.Token)).ToString()
                : await AskRestAsync(platform, protocol == "json" ? Seeds.Json : Seeds.Binary, random, limit.Token));
        }

        return statuses;
    }

    private static async Task<string> AskRestAsync(FuzzPlatform platform, Seed[] seeds, Random random, CancellationToken cancellation)
    {
        var seed = seeds[random.Next(seeds.Length)];
        using var content = new ByteArrayContent(Mutation.Of(seed.Body, random, [.. seeds.Select(other => other.Body)]));
        content.Headers.ContentType = new MediaTypeHeaderValue(seed.HeaderLength is null ? "application/json" : "application/octet-stream");
        if (HeaderLength(seed, random) is { } length) content.Headers.TryAddWithoutValidation("Inference-Header-Content-Length", length);
        if (random.Next(50) == 0) content.Headers.TryAddWithoutValidation("Content-Encoding", random.Next(2) == 0 ? "gzip" : "deflate");
        using var response = await platform.Rest.PostAsync(new Uri($"/v2/models/{seed.Model}/infer", UriKind.Relative), content, cancellation);
        await response.Content.ReadAsByteArrayAsync(cancellation);
        return ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Most often the right one, else something near or anything.</summary>
    private static string? HeaderLength(Seed seed, Random random)
    {
        if (random.Next(6) > 0) return seed.HeaderLength;
        string[] others = ["0", "-1", "1", "2147483648", "99999999999999999999", "", "x", " 12", "1e2", $"{seed.Body.Length}", $"{seed.Body.Length + 1}"];
        return others[random.Next(others.Length)];
    }
}

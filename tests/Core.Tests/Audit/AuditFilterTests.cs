using Platform.Core.Audit;

namespace Platform.Core.Tests.Audit;

public sealed class AuditFilterTests
{
    private static readonly AuditFilter All = new(null, null, null, null, null);

    public static TheoryData<AuditFilter, bool> Filters => new()
    {
        { All, true },
        { All with { Actor = "ann" }, true },
        { All with { Actor = "an" }, false },
        { All with { Action = "models.deploy" }, true },
        { All with { Action = "models" }, false },
        { All with { Action = "models.*" }, true },
        { All with { Action = "keys.*" }, false },
        { All with { Resource = "models" }, true },
        { All with { Resource = "models/m-3" }, true },
        { All with { Resource = "models/m" }, false },
        { All with { Resource = "models/m-3/versions" }, false },
        { All with { From = AuditSamples.Start.AddSeconds(3) }, true },
        { All with { From = AuditSamples.Start.AddSeconds(4) }, false },
        { All with { To = AuditSamples.Start.AddSeconds(3) }, false },
        { All with { To = AuditSamples.Start.AddSeconds(4) }, true },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void Filter_OfAnEntry_SaysWhetherItMatches(AuditFilter filter, bool matches)
    {
        var entry = AuditSamples.Entry(3);
        Assert.Equal(matches, filter.Matches(entry));
        // A chunk that is left out must hold nothing that matches.
        Assert.True(filter.MayMatch(AuditSummary.Of([entry])) || !matches);
    }

    [Fact]
    public void Summary_OfAChunk_LeavesOutWhatCannotMatch()
    {
        var chunk = AuditSummary.Of([.. Enumerable.Range(0, 50).Select(AuditSamples.Entry)]);
        Assert.False((All with { Actor = "bob" }).MayMatch(chunk));
        Assert.False((All with { Action = "keys.*" }).MayMatch(chunk));
        Assert.False((All with { Resource = "models/m-9" }).MayMatch(chunk));
        Assert.False((All with { From = AuditSamples.Start.AddSeconds(50) }).MayMatch(chunk));
        Assert.True((All with { Actor = "ann", Resource = "models/m-6/versions/1.0.0" }).MayMatch(chunk));
        Assert.True((All with { Resource = "models" }).MayMatch(chunk));
    }

    [Fact]
    public void Summary_OfMoreNamesThanItKeeps_LeavesNothingOut()
    {
        var many = Enumerable.Range(0, AuditSummary.MaxNames + 1).Select(i => AuditSamples.Entry(i) with { Actor = $"actor-{i}" });
        Assert.True((All with { Actor = "bob" }).MayMatch(AuditSummary.Of([.. many])));
        Assert.True((All with { Actor = "bob" }).MayMatch(AuditSummary.Of([AuditSamples.Entry(0), null])));
    }
}

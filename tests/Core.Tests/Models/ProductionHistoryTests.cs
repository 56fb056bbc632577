using System.Collections.Immutable;
using CsCheck;
using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Core.Tests.Models;

public sealed class ProductionHistoryTests
{
    private static readonly ImmutableArray<ProductionMove> Moves = Path("10 D 1.0.0", "20 R 2.0.0", "30 B 1.0.0", "40 U -", "50 D 3.0.0");

    [Theory]
    [InlineData(0, null, 0, 0), InlineData(9, null, 0, 0), InlineData(10, "1.0.0", 10, 20), InlineData(15, "1.0.0", 10, 20), InlineData(20, "2.0.0", 20, 30)]
    [InlineData(30, "1.0.0", 30, 40), InlineData(39, "1.0.0", 30, 40), InlineData(40, null, 0, 0), InlineData(49, null, 0, 0), InlineData(50, "3.0.0", 50, null)]
    [InlineData(9_999, "3.0.0", 50, null)]
    public void At_OfAMoment_IsWhatWasInProductionThen(int minute, string? version, int from, int? until)
    {
        var period = ProductionHistory.At(Moves, Minute(minute));

        Assert.Equal(version, period?.Version);
        if (period is null) return;
        Assert.Equal(Minute(from), period.From);
        Assert.Equal(until is { } end ? Minute(end) : null, period.Until);
        Assert.Equal(Minute(from), period.Move.At);
    }

    [Fact]
    public void At_OneTickAroundAMove_IsExact()
    {
        Assert.Equal("1.0.0", ProductionHistory.At(Moves, Minute(20).AddTicks(-1))!.Version);
        Assert.Equal("2.0.0", ProductionHistory.At(Moves, Minute(20))!.Version);
        Assert.Equal("2.0.0", ProductionHistory.At(Moves, Minute(20).ToOffset(TimeSpan.FromHours(5)))!.Version);
    }

    [Fact]
    public void At_WithoutMoves_IsNothing() => Assert.Null(ProductionHistory.At([], Minute(0)));

    [Fact]
    public void At_OfTwoMovesInOneMoment_IsTheLater() =>
        Assert.Equal("2.0.0", ProductionHistory.At(Path("10 D 1.0.0", "10 D 2.0.0"), Minute(10))!.Version);

    [Fact]
    public void Append_OfAMoveByASlowClock_DoesNotChangeThePast() =>
        Gen.Select(Gen.Int[0, 50].Array[0, 10], Gen.Int[0, 60]).Sample((minutes, asked) =>
        {
            ImmutableArray<ProductionMove> moves = [];
            for (var i = 0; i < minutes.Length; i++)
            {
                var last = moves.IsEmpty ? Minute(0) : moves[^1].At;
                var before = ProductionHistory.At(moves, last.AddTicks(-1))?.Version;
                moves = ProductionHistory.Append(moves, new(Minute(minutes[i]), $"{i}.0.0", ProductionMoveKind.Deployment, "ann", "Why."));
                Assert.Equal(before, ProductionHistory.At(moves, last.AddTicks(-1))?.Version);
                Assert.Equal($"{i}.0.0", ProductionHistory.At(moves, moves[^1].At)!.Version);
            }

            Assert.Equal(moves.OrderBy(move => move.At), moves);
            Assert.Equal(moves.LastOrDefault(move => move.At <= Minute(asked))?.Version, ProductionHistory.At(moves, Minute(asked))?.Version);
        });

    [Theory]
    [InlineData("D 1.0.0|D 2.0.0", "1.0.0"), InlineData("D 1.0.0|R 2.0.0|D 3.0.0", "2.0.0"), InlineData("D 1.0.0", null), InlineData("", null)]
    [InlineData("D 1.0.0|D 2.0.0|D 3.0.0|B 2.0.0", "1.0.0"), InlineData("D 1.0.0|D 2.0.0|B 1.0.0", null), InlineData("D 1.0.0|D 2.0.0|U -", "2.0.0")]
    [InlineData("D 1.0.0|D 2.0.0|D 2.0.0", "1.0.0"), InlineData("D 1.0.0|D 2.0.0|D 3.0.0|B 1.0.0|D 4.0.0", "1.0.0"), InlineData("D 1.0.0|D 2.0.0|D 1.0.0", "2.0.0")]
    [InlineData("D 1.0.0|D 9.0.0|D 2.0.0", "1.0.0"), InlineData("D 9.0.0|D 1.0.0", null), InlineData("D 1.0.0|B 2.0.0", "1.0.0")]
    public void RollbackTarget_WithoutAVersion_IsTheOneBefore(string path, string? target)
    {
        // 9.0.0 was removed since.
        var moves = Path([.. path.Split('|', StringSplitOptions.RemoveEmptyEntries).Select((move, i) => $"{i} {move}")]);
        var outcome = ProductionHistory.RollbackTarget(moves, to: null, new HashSet<string> { "1.0.0", "2.0.0", "3.0.0", "4.0.0" });

        Assert.Equal(target, outcome.Value);
        Assert.Equal(target is null ? RefusalReason.Conflict : null, outcome.Refusal?.Reason);
    }

    [Theory]
    [InlineData("1.0.0", "1.0.0", null), InlineData("1.0.0+any", "1.0.0", null), InlineData("3.0.0", null, "in production already")]
    [InlineData("4.0.0", null, "never was"), InlineData("2.0.0", null, "removed"), InlineData("1", null, "semantic version")]
    public void RollbackTarget_OfANamedVersion_MustHaveBeenInProduction(string to, string? target, string? says)
    {
        var outcome = ProductionHistory.RollbackTarget(Moves, to, new HashSet<string> { "1.0.0", "3.0.0", "4.0.0" });

        Assert.Equal(target, outcome.Value);
        if (says is not null) Assert.Contains(says, outcome.Refusal!.Detail, StringComparison.Ordinal);
    }

    private static DateTimeOffset Minute(int minute) => Samples.Start.AddMinutes(minute);

    /// <summary>Moves written as "minute kind version": D deployment, R rollout, B rollback, U undeployment.</summary>
    private static ImmutableArray<ProductionMove> Path(params string[] moves) =>
        [.. moves.Select(move => move.Split(' ')).Select(parts => new ProductionMove(
            Minute(int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture)), parts[2] == "-" ? null : parts[2], Kind(parts[1]), "ann", "Why."))];

    private static ProductionMoveKind Kind(string letter) => letter switch
    {
        "D" => ProductionMoveKind.Deployment,
        "R" => ProductionMoveKind.Rollout,
        "B" => ProductionMoveKind.Rollback,
        _ => ProductionMoveKind.Undeployment,
    };
}

using System.Collections.Immutable;
using Platform.Core.Results;

namespace Platform.Core.Models;

/// <summary>What moved production.</summary>
public enum ProductionMoveKind
{
    Deployment,
    Rollout,
    Rollback,
    Undeployment,
}

/// <summary>Production went to another version.</summary>
/// <param name="Version">The version from then on; null when nothing was in production any more.</param>
public sealed record ProductionMove(DateTimeOffset At, string? Version, ProductionMoveKind Kind, string By, string Reason);

/// <summary>A version's time in production.</summary>
/// <param name="Until">When it ended, that moment not included; null while it lasts.</param>
/// <param name="Move">What began it.</param>
public sealed record ProductionPeriod(string Version, DateTimeOffset From, DateTimeOffset? Until, ProductionMove Move);

/// <summary>A model's production over time, from its moves, oldest first.</summary>
public static class ProductionHistory
{
    /// <summary>
    /// The moves with one more. A silo whose clock is behind its predecessor's would else write a move into the past,
    /// and change what was in production then; its time is put up to the last move's.
    /// </summary>
    public static ImmutableArray<ProductionMove> Append(ImmutableArray<ProductionMove> moves, ProductionMove move) =>
        moves.Add(moves is [.., var last] && move.At < last.At ? move with { At = last.At } : move);

    /// <summary>What was in production at that moment; null if nothing. A move counts from its very moment on.</summary>
    public static ProductionPeriod? At(ImmutableArray<ProductionMove> moves, DateTimeOffset time)
    {
        var next = FirstAfter(moves, time);
        if (next == 0 || moves[next - 1] is not { Version: { } version }) return null;
        return new(version, moves[next - 1].At, next < moves.Length ? moves[next].At : null, moves[next - 1]);
    }

    /// <summary>
    /// Where a rollback goes. Without <paramref name="to"/>: the version before the present one, where a rollback undoes
    /// what it rolled back, so that a second one goes further back and not forward again; when nothing is in production,
    /// the last that was. With it: that version, if it was in production ever.
    /// </summary>
    /// <param name="available">Versions that can still be put to work.</param>
    public static Outcome<string> RollbackTarget(ImmutableArray<ProductionMove> moves, string? to, IReadOnlySet<string> available)
    {
        var present = moves is [.., var last] ? last.Version : null;
        if (to is not null) return Named(moves, to, present, available);
        var target = Stack(moves).Where(version => version != present).FirstOrDefault(available.Contains);
        return target is not null ? target : Refusal.Conflict("There is no earlier production version to go back to.");
    }

    private static Outcome<string> Named(ImmutableArray<ProductionMove> moves, string to, string? present, IReadOnlySet<string> available)
    {
        if (!VersionNumber.TryParse(to, out _)) return Refusal.Invalid("to", VersionNumber.Rule);
        var known = moves.Select(move => move.Version).OfType<string>().FirstOrDefault(version => VersionNumber.Compare(version, to) == 0);
        if (known is null) return Refusal.Conflict($"Version {to} never was in production. Deploy it or roll it out.");
        if (known == present) return Refusal.Conflict($"Version {to} is in production already.");
        return available.Contains(known)
            ? known
            : Refusal.Conflict($"Version {to} was removed, retired or rejected, and cannot serve again.");
    }

    /// <summary>The versions that production came through to where it is, the latest first.</summary>
    private static Stack<string> Stack(ImmutableArray<ProductionMove> moves)
    {
        var stack = new Stack<string>();
        foreach (var move in moves)
        {
            if (move.Version is not { } version) continue;
            if (move.Kind is ProductionMoveKind.Rollback && stack.Contains(version))
            {
                while (stack.Peek() != version) stack.Pop();
            }
            else if (stack.Count == 0 || stack.Peek() != version)
            {
                stack.Push(version);
            }
        }

        return stack;
    }

    /// <summary>Index of the first move after that moment.</summary>
    private static int FirstAfter(ImmutableArray<ProductionMove> moves, DateTimeOffset time)
    {
        var (low, high) = (0, moves.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (moves[middle].At <= time) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}

using System.Globalization;

namespace Platform.Core.Protection;

/// <summary>How much of an answer a caller gets.</summary>
/// <param name="Digits">Decimals that are kept; null keeps all.</param>
/// <param name="TopK">Highest scores of an item that are kept, the others become zero; null keeps all.</param>
public sealed record OutputLimit(int? Digits, int? TopK)
{
    private const char Separator = ';';

    /// <summary>What a caller with these roles gets; null for all of it.</summary>
    /// <param name="roles">All that the caller's roles amount to; who has none is the platform itself.</param>
    public static OutputLimit? For(OutputRestriction? restriction, IReadOnlyCollection<string> roles)
    {
        if (restriction is null || roles.Count == 0) return null;
        var restricted = restriction.Roles ?? ["inference"];
        return roles.All(restricted.Contains) ? new(restriction.Digits, restriction.TopK) : null;
    }

    /// <summary>One item's scores.</summary>
    public double[] Reduce(double[] scores)
    {
        var reduced = (double[])scores.Clone();
        if (TopK is { } most && most < scores.Length)
        {
            // Of equal scores the first ones stay, so that the number of those that do is certain.
            foreach (var (_, index) in scores.Select((score, i) => (score, i)).OrderByDescending(pair => pair.score).Skip(most)) reduced[index] = 0;
        }

        if (Digits is not { } digits) return reduced;
        for (var i = 0; i < reduced.Length; i++) reduced[i] = Math.Round(reduced[i], digits, MidpointRounding.ToEven);
        return reduced;
    }

    /// <summary>As it travels to a worker; also tells remembered answers apart.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Digits}{Separator}{TopK}");

    /// <summary>Null where the text is none of ours.</summary>
    public static OutputLimit? Parse(string? text)
    {
        if (text?.Split(Separator) is not [var digits, var topK]) return null;
        return new(Number(digits), Number(topK));

        static int? Number(string part) => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}

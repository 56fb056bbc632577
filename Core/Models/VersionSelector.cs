using System.Collections.Immutable;
using Platform.Core.Results;
using Semver;

namespace Platform.Core.Models;

/// <summary>What a <c>?version=</c> text asks for.</summary>
public enum VersionSelectorKind
{
    Exact,
    Range,
    Tag,
}

/// <summary>
/// Names versions: one exactly (1.4.0), a range as npm writes them (^1.2), or the one that a tag stands on (@production).
/// A pre-release is in a range only if the range itself names a pre-release of the same major.minor.patch; exactly and
/// by tag it can always be had. Build metadata never distinguishes.
/// </summary>
public sealed class VersionSelector
{
    public const int MaxLength = 256;

    public const string Rule =
        "Give a version (1.4.0), a range (^1.2, ~1.2, 1.x, >=1.0 <2.0, 1.0 - 1.4; several joined by ||) or a tag (@production).";

    private readonly SemVersion? exact;
    private readonly SemVersionRange? range;
    private readonly string? tag;

    private VersionSelector(string text, SemVersion? exact = null, SemVersionRange? range = null, string? tag = null)
    {
        Text = text;
        this.exact = exact;
        this.range = range;
        this.tag = tag;
    }

    /// <summary>As it was given.</summary>
    public string Text { get; }

    public VersionSelectorKind Kind => (exact, tag) switch
    {
        (not null, _) => VersionSelectorKind.Exact,
        (_, not null) => VersionSelectorKind.Tag,
        _ => VersionSelectorKind.Range,
    };

    /// <summary>Reads a selector; the refusal names <paramref name="field"/> and the syntax.</summary>
    public static Outcome<VersionSelector> Parse(string? text, string field = "version")
    {
        if (string.IsNullOrWhiteSpace(text)) return Refusal.Invalid(field, Rule);
        if (text.Length > MaxLength) return Refusal.Invalid(field, $"At most {MaxLength} characters; this has {text.Length}.");
        if (VersionNumber.TryParse(text, out var exact)) return new VersionSelector(text, exact);
        if (text.StartsWith('@'))
        {
            return Names.IsValid(text[1..])
                ? new VersionSelector(text, tag: text[1..])
                : Refusal.Invalid(field, $"'{text}' names no tag. {Names.Rule}");
        }

        // npm reads a missing alternative as "any version", which nobody who writes "^1.2 ||" means.
        if (text.Split("||").Any(string.IsNullOrWhiteSpace)) return Refusal.Invalid(field, $"An alternative beside || is missing. {Rule}");
        if (!SemVersionRange.TryParseNpm(text, includeAllPrerelease: false, out var range, MaxLength))
            return Refusal.Invalid(field, $"'{text}' is no version, range or tag. {Rule}");
        return range.Equals(SemVersionRange.Empty)
            ? Refusal.Invalid(field, $"No version can be in '{text}': its bounds exclude each other.")
            : new VersionSelector(text, range: range);
    }

    /// <summary>Whether a version that carries these tags is one of those asked for.</summary>
    public bool Matches(SemVersion version, ImmutableArray<string> tags)
    {
        if (exact is not null) return SemVersion.PrecedenceComparer.Equals(exact, version);
        return range?.Contains(version) ?? tags.Contains(tag!);
    }

    /// <summary>Those asked for, as they are spelled in <paramref name="versions"/>, the highest first.</summary>
    /// <param name="versions">Semantic versions.</param>
    /// <param name="tags">Tag to version.</param>
    public ImmutableArray<string> Select(IEnumerable<string> versions, IReadOnlyDictionary<string, string> tags)
    {
        var tagged = tag is not null && VersionNumber.TryParse(tags.GetValueOrDefault(tag), out var version) ? version : null;
        return
        [
            .. versions
                .Select(text => (Text: text, Number: VersionNumber.Parse(text)))
                .Where(known => Has(known.Number, tagged))
                .OrderByDescending(known => known.Number, SemVersion.PrecedenceComparer)
                .Select(known => known.Text),
        ];
    }

    /// <summary>The highest of those asked for; null if there is none.</summary>
    public string? Highest(IEnumerable<string> versions, IReadOnlyDictionary<string, string> tags) =>
        Select(versions, tags) is [var highest, ..] ? highest : null;

    private bool Has(SemVersion version, SemVersion? tagged) =>
        range?.Contains(version) ?? SemVersion.PrecedenceComparer.Equals(exact ?? tagged, version);
}

using System.Collections.Immutable;

namespace Platform.Core.Models.Search;

/// <summary>
/// The registry in memory, for search. Models and versions come in any order; a version is shown once its model is there
/// and lists it, with the tags and the owner that the model says it has.
/// </summary>
public sealed class RegistryIndex
{
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);

    public IEnumerable<IndexedModel> Models => entries.Values.Select(entry => entry.Shown()).OfType<IndexedModel>();

    public IEnumerable<IndexedVersion> Versions => Models.SelectMany(model => model.Versions);

    /// <summary>The versions of one model; none if it is unknown.</summary>
    public IReadOnlyCollection<IndexedVersion> VersionsOf(string model) =>
        entries.TryGetValue(model, out var entry) && entry.Shown() is { } shown ? shown.Versions : [];

    /// <summary>Whether a newer summary of that model is here already.</summary>
    public bool IsStale(ModelSummary summary) =>
        entries.TryGetValue(summary.Name, out var entry) && entry.Summary?.Revision > summary.Revision;

    public void Put(ModelSummary summary) => EntryOf(summary.Name).Put(summary);

    public void Put(VersionSummary row) => EntryOf(row.Model).Put(row);

    public void Remove(VersionSummary row)
    {
        if (entries.TryGetValue(row.Model, out var entry)) entry.Remove(row);
    }

    public void Remove(string model) => entries.Remove(model);

    /// <summary>Versions that the model lists and that have no row.</summary>
    public ImmutableArray<string> Missing(string model) => entries.TryGetValue(model, out var entry) ? entry.Missing() : [];

    /// <summary>Rows of versions that the model does not list: removed, or never registered to the end.</summary>
    public ImmutableArray<VersionSummary> Unlisted(string model) => entries.TryGetValue(model, out var entry) ? entry.Unlisted() : [];

    /// <summary>All rows of a model, listed or not.</summary>
    public ImmutableArray<VersionSummary> Rows(string model) => entries.TryGetValue(model, out var entry) ? [.. entry.Rows.Values] : [];

    /// <summary>
    /// Whether any version, of whichever model and listed or not, or any model's dataset has that file.
    /// </summary>
    /// <param name="besides">A version that does not count.</param>
    public bool IsInUse(string sha256, VersionSummary? besides = null) => entries.Values.Any(entry =>
        entry.Summary?.DatasetFiles.Contains(sha256) is true
        || entry.Rows.Values.Any(row => row.Sha256 == sha256 && !ReferenceEquals(row, besides)));

    /// <summary>The files of that model's datasets; none if it is unknown.</summary>
    public ImmutableArray<string> DatasetFiles(string model) =>
        entries.TryGetValue(model, out var entry) ? entry.Summary?.DatasetFiles ?? [] : [];

    private Entry EntryOf(string model)
    {
        if (!entries.TryGetValue(model, out var entry)) entries.Add(model, entry = new Entry());
        return entry;
    }

    private sealed class Entry
    {
        private IndexedModel? shown;

        public ModelSummary? Summary { get; private set; }

        /// <summary>By number without build metadata, as the versions themselves gave them.</summary>
        public Dictionary<string, VersionSummary> Rows { get; } = new(StringComparer.Ordinal);

        public void Put(ModelSummary summary) => (Summary, shown) = (summary, null);

        public void Put(VersionSummary row)
        {
            Rows[VersionNumber.Canonical(row.Version)] = row;
            shown = null;
        }

        public void Remove(VersionSummary row)
        {
            Rows.Remove(VersionNumber.Canonical(row.Version));
            shown = null;
        }

        public ImmutableArray<string> Missing() =>
            [.. Summary!.Versions.Where(version => !Rows.ContainsKey(VersionNumber.Canonical(version)))];

        public ImmutableArray<VersionSummary> Unlisted()
        {
            var listed = Summary!.Versions.Select(VersionNumber.Canonical).ToHashSet(StringComparer.Ordinal);
            return [.. Rows.Where(row => !listed.Contains(row.Key)).Select(row => row.Value)];
        }

        /// <summary>Put together at the first look after a change, so that many changes in a row cost nothing.</summary>
        public IndexedModel? Shown() => Summary is { } summary ? shown ??= new(summary, Listed(summary)) : null;

        private ImmutableArray<IndexedVersion> Listed(ModelSummary summary)
        {
            var tags = summary.Tags.ToLookup(tag => VersionNumber.Canonical(tag.Value), tag => tag.Key, StringComparer.Ordinal);
            return
            [
                .. from version in summary.Versions
                   let number = VersionNumber.Canonical(version)
                   where Rows.ContainsKey(number)
                   select new IndexedVersion(Rows[number] with { Tags = [.. tags[number]], Owner = summary.Metadata.Owner }),
            ];
        }
    }
}

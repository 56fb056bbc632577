namespace Platform.SharedState.Artifacts.Encryption;

/// <summary>
/// The platform keys: new artifacts are wrapped under the current one, and those of the retired ones stay readable. A
/// rotation thus adds a key and rewrites nothing.
/// </summary>
internal sealed class KeyRing(string current, IEnumerable<string> retired)
{
    public PlatformKey Current { get; } = new(current);

    public IReadOnlyList<PlatformKey> Retired { get; } = [.. retired.Select(secret => new PlatformKey(secret))];

    public IEnumerable<PlatformKey> All => [Current, .. Retired];

    /// <exception cref="InvalidDataException">No key here has this id.</exception>
    public PlatformKey Find(ReadOnlySpan<byte> id)
    {
        foreach (var key in All)
        {
            if (key.Id.SequenceEqual(id)) return key;
        }

        throw new InvalidDataException(
            $"A stored artifact is encrypted under the platform key {Convert.ToHexStringLower(id)}, which is not here " +
            $"({string.Join(", ", All.Select(key => key.Name))}). Add its secret to Artifacts:RetiredKeys.");
    }
}

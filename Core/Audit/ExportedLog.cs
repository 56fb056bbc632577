using System.Text;
using System.Text.Json;

namespace Platform.Core.Audit;

/// <summary>An exported log: one line an entry, and one, <c>{"checkpoint":"…"}</c>, each signed checkpoint.</summary>
public static class ExportedLog
{
    private static readonly byte[] Prefix = Encoding.ASCII.GetBytes("{\"checkpoint\":");

    public static byte[] ToLine(string note) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["checkpoint"] = note });

    /// <summary>The checkpoint that a line carries; null if it is an entry.</summary>
    /// <exception cref="InvalidDataException">It begins as a checkpoint and is none.</exception>
    public static string? NoteOf(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(Prefix)) return null;
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(line)!["checkpoint"];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException)
        {
            throw new InvalidDataException("A line begins as a checkpoint and is none.", e);
        }
    }

    /// <summary>Verifies an export without the platform: with its public keys alone.</summary>
    /// <param name="lines">Gives the lines from the first on, each time it is called.</param>
    /// <param name="trusted">The public keys, had from somebody else than who hands over the export.</param>
    /// <param name="witness">A checkpoint that was kept elsewhere; the log must still contain it.</param>
    public static LogVerdict Verify(Func<IEnumerable<byte[]>> lines, IReadOnlyCollection<CheckpointKey> trusted, Checkpoint? witness = null)
    {
        try
        {
            var notes = lines().Select(line => NoteOf(line)).OfType<string>().ToArray();
            var verifier = new LogVerifier(notes, note => SignedCheckpoint.Open(note, trusted), witness);
            foreach (var line in lines().Where(line => NoteOf(line) is null)) verifier.Add(line);
            return verifier.End();
        }
        catch (InvalidDataException e)
        {
            return new(false, 0, 0, e.Message);
        }
    }
}

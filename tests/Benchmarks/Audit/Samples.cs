using System.Globalization;
using Platform.Core.Audit;

namespace Platform.Benchmarks.Audit;

internal static class Samples
{
    private static readonly string Digest = new('a', 64);

    /// <summary>An entry of the usual length.</summary>
    public static AuditEntry Entry(int number) => new(
        Guid.CreateVersion7(), DateTimeOffset.UnixEpoch, AuditPhase.Answered, "deployer", "models.versions.create", "k-0123456789ab",
        $"models/model-{number % 100}/versions/1.{number}.0", "203.0.113.77", 201, "done", Digest, "sha256:" + Digest, "sha256:" + Digest,
        Guid.CreateVersion7().ToString(), number.ToString("x32", CultureInfo.InvariantCulture));
}

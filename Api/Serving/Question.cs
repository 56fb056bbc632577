using Platform.Core.Serving;

namespace Platform.Api.Serving;

/// <summary>A request to a version that remembers answers.</summary>
/// <param name="Digest">What equal requests have in common.</param>
/// <param name="Id">What the answer's id is to be: the client's, or the platform's.</param>
internal sealed record Question(string Digest, string Id, string Model, PlacedVersion Version)
{
    public TimeSpan Ttl => Version.Config.Cache!.Ttl!.Value;
}

using Platform.Core.Limits;

namespace Platform.Api.Limits;

/// <summary>What a limit says to one request.</summary>
/// <param name="Name">Which limit it is, as the headers name it.</param>
/// <param name="Remaining">About how much is left for all Apis together.</param>
/// <param name="Wait">How long until something is; no time when the request may pass.</param>
internal readonly record struct Verdict(string Name, Quota Quota, bool Passes, double Remaining, TimeSpan Wait);
